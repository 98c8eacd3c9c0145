package io.tiercel.bench.arrow;

import io.tiercel.arrow.ArrowFrame;
import io.tiercel.bench.peer.WholeValue;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** From Redis over a unix socket: {@code GET}, then opened where it was received, without a copy. Not threadsafe. */
final class RedisFirstValue implements FirstValue {
    private final WholeValue value;
    private final BufferAllocator allocator = new RootAllocator();

    RedisFirstValue(Path socket, String key, int length) {
        this.value = WholeValue.ofRedis(socket, key, length);
    }

    @Override
    public long read() {
        ByteBuffer bytes = value.get();
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        return NodeFirstValue.firstOf(ArrowFrame.open(buffer, 0, buffer.capacity(), () -> {},
                new ArrowFrame.Context().allocator(allocator)));
    }

    @Override
    public void close() {
        CloseHelper.closeAll(value, allocator);
    }
}
