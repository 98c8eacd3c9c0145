package io.tiercel.bench.arrow;

import io.tiercel.Key;
import io.tiercel.arrow.ArrowFrame;
import io.tiercel.arrow.ArrowFrames;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;

/** From a node of this host, opened over the frame's own bytes with its structure verified. Not threadsafe. */
final class NodeFirstValue implements FirstValue {
    private final TiercelClient client;
    private final Key key;
    private final BufferAllocator allocator = new RootAllocator();
    private final Frame frame = new Frame();

    NodeFirstValue(Path dir, boolean isStreamed, String key) {
        this.client = TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(isStreamed)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(60)));
        this.key = Key.of(key);
    }

    @Override
    public long read() {
        if (!client.get(key, frame)) {
            throw new IllegalStateException("key=" + key + " was put and is not there");
        }
        return firstOf(ArrowFrames.open(frame, allocator));
    }

    static long firstOf(ArrowFrame opened) {
        try (opened) {
            if (!opened.next()) {
                throw new IllegalStateException("frame has no batch");
            }
            return ((BigIntVector) opened.root().getVector(0)).get(0);
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(client, allocator);
    }
}
