package io.tiercel.bench.jmh;

import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.node.NodeProcess;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads from a node in a process of its own, filled beforehand, through the client library in this one. Every payload
 * begins with its key's number, 8 bytes, which each read compares, so that the memory is really touched. Not threadsafe.
 */
final class NodePath implements ReadPath {
    private static final long LEAST_CAPACITY = 256L * 1024 * 1024;
    private static final long PUT_TIMEOUT_S = 60;

    private final ChildJvm node;
    private final TiercelClient client;
    private final Keyspace keys;
    private final int payloadLength;
    private final Frame frame = new Frame();

    private NodePath(ChildJvm node, TiercelClient client, Keyspace keys, int payloadLength) {
        this.node = node;
        this.client = client;
        this.keys = keys;
        this.payloadLength = payloadLength;
    }

    /** A client that maps; every key was read before, so that each further read is a repeat. */
    static NodePath mapped(Keyspace keys, int payloadLength) {
        return open(Mode.MAPPED, keys, payloadLength);
    }

    /** A client that is refused mapping; every key was read twice, so that the heap tier answers as far as it holds. */
    static NodePath ipc(Keyspace keys, int payloadLength) {
        return open(Mode.IPC, keys, payloadLength);
    }

    private static NodePath open(Mode mode, Keyspace keys, int payloadLength) {
        if (payloadLength < Long.BYTES) {
            throw new IllegalArgumentException("payloadLength=" + payloadLength + " expected at least " + Long.BYTES);
        }
        // Four times what is put: nothing is evicted.
        long capacity = Math.max(LEAST_CAPACITY, 4L * keys.size() * payloadLength);
        ChildJvm node = ChildJvm.start(NodeProcess.class, Long.toString(capacity));
        TiercelClient client = null;
        try {
            client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.folders().disk())
                    .streamed(mode == Mode.IPC).clientName("bench"));
            NodePath opened = new NodePath(node, client, keys, payloadLength);
            opened.requireMode(mode);
            opened.fill();
            opened.requireAll();
            opened.requireAll();
            return opened;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(client, node);
            throw e;
        }
    }

    private void requireMode(Mode expected) {
        if (client.mode() != expected) {
            throw new IllegalStateException("mode=" + client.mode() + " expected " + expected);
        }
    }

    private void fill() {
        byte[] bytes = new byte[payloadLength];
        new Random(payloadLength).nextBytes(bytes);
        UnsafeBuffer payload = new UnsafeBuffer(bytes);
        PutOptions options = PutOptions.DEFAULTS.timeout(PUT_TIMEOUT_S, TimeUnit.SECONDS);
        for (int number = 0; number < keys.size(); number++) {
            payload.putLong(0, number, ByteOrder.LITTLE_ENDIAN);
            client.put(keys.key(number), payload, 0, payloadLength, options);
        }
    }

    /** The first such pass makes every read a repeat for a mapped client, the second lets frames onto the node's heap. */
    private void requireAll() {
        for (int number = 0; number < keys.size(); number++) {
            if (!read(number)) {
                throw new IllegalStateException("key=" + keys.key(number) + " was put and is not there");
            }
        }
    }

    @Override
    public boolean read() {
        return read(keys.draw());
    }

    private boolean read(int number) {
        if (!client.get(keys.key(number), frame)) {
            return false;
        }
        boolean isRight = frame.length() == payloadLength
                && frame.buffer().getLong(0, ByteOrder.LITTLE_ENDIAN) == number;
        frame.close();
        return isRight;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(client, node);
    }
}
