package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.LentFrames;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.Test;

class ArrowFramesTest {
    private static final int ROW_COUNT = 100;

    private final AtomicInteger releaseCount = new AtomicInteger();

    @Test
    void shouldReadOnWhenTheFrameIsClosedFirst() {
        UnsafeBuffer memory = memory(ArrowSamples.tripStream(1, ROW_COUNT));
        Frame frame = LentFrames.lend(memory, releaseCount::incrementAndGet);

        try (BufferAllocator allocator = new RootAllocator()) {
            ArrowFrame arrow = ArrowFrames.open(frame, allocator);
            frame.close();
            assertThat(arrow.next()).isTrue();
            BigIntVector id = (BigIntVector) arrow.root().getVector("id");
            assertThat(id.getDataBufferAddress()).isBetween(memory.addressOffset(),
                    memory.addressOffset() + memory.capacity());
            ArrowBuf retained = id.getDataBuffer();
            retained.getReferenceManager().retain();

            arrow.close();

            assertThat(releaseCount).hasValue(0);
            assertThat(retained.getLong(8L * (ROW_COUNT - 1))).isEqualTo(ROW_COUNT - 1);
            retained.close();
            assertThat(releaseCount).hasValue(1);
        }
    }

    @Test
    void shouldGiveUpAFrameThatIsNotArrow() {
        Frame frame = LentFrames.lend(memory(new byte[100]), releaseCount::incrementAndGet);

        try (BufferAllocator allocator = new RootAllocator()) {
            assertThatThrownBy(() -> ArrowFrames.open(frame, allocator)).isInstanceOf(TiercelException.class);
        }

        assertThat(releaseCount).hasValue(1);
        assertThat(frame.isOpen()).isFalse();
    }

    private static UnsafeBuffer memory(byte[] bytes) {
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
        memory.putBytes(0, bytes);
        return memory;
    }
}
