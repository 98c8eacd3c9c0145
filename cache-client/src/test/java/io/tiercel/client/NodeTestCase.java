package io.tiercel.client;

import io.tiercel.wire.codec.GetEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fake node and the means to connect to it: what tests of the client begin with. */
abstract class NodeTestCase {
    @TempDir
    Path dir;

    FakeNode node;
    final ConcurrentLinkedQueue<Throwable> reported = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void startNode() throws IOException {
        node = FakeNode.start(dir);
    }

    @AfterEach
    void stopNode() {
        node.close();
    }

    TiercelClient.Context context() {
        return new TiercelClient.Context().connectTimeoutNs(TimeUnit.SECONDS.toNanos(20))
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(20)).errorHandler(reported::add);
    }

    TiercelClient connect() {
        return TiercelClient.connect(context().nodeDir(dir));
    }

    TiercelClient connect(Mode mode) throws Exception {
        return TiercelClient.connect(switch (mode) {
            case MAPPED -> context().nodeDir(dir);
            case IPC -> context().nodeDir(dir).streamed(true);
            case UDP -> context().udp(node.udpEndpoint());
        });
    }

    int gets() {
        return node.count(GetEncoder.TEMPLATE_ID);
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] copy(Frame frame) {
        DirectBuffer buffer = frame.buffer();
        byte[] copy = new byte[buffer.capacity()];
        buffer.getBytes(0, copy);
        return copy;
    }
}
