package io.tiercel.bench.node;

import io.tiercel.Key;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/** A running {@link NodeProcess}, its clients, and what was put into it. Threadsafe but for filling. */
public final class NodeServer implements AutoCloseable {
    private static final long REQUEST_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final long capacity;
    private ChildJvm process;

    private NodeServer(long capacity, ChildJvm process) {
        this.capacity = capacity;
        this.process = process;
    }

    /**
     * Starts one, empty.
     *
     * @param capacity bytes of the mapped tier.
     */
    public static NodeServer start(long capacity) {
        return new NodeServer(capacity,
                ChildJvm.start(NodeProcess.class, Long.toString(capacity), NodeProcess.WITH_NETWORK));
    }

    /** Kills the node as {@code kill -9} does and starts another on its files. */
    public void killAndRestart() {
        kill();
        startAgain();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Starts another node on the files of one that was killed; returns when it is ready. */
    public void startAgain() {
        process = process.startAgain(NodeProcess.class, Long.toString(capacity), NodeProcess.WITH_NETWORK);
    }

    /** A client of its own for whoever asks; to be closed. */
    public TiercelClient connect(Mode mode) {
        return connect(mode, new TiercelClient.Context());
    }

    /** The same with what else the context says. */
    public TiercelClient connect(Mode mode, TiercelClient.Context context) {
        context.clientName("bench").requestTimeoutNs(REQUEST_TIMEOUT_NS).connectTimeoutNs(CONNECT_TIMEOUT_NS);
        if (mode == Mode.UDP) {
            context.udp(endpoint(0));
        } else {
            context.nodeDir(dir()).streamed(mode == Mode.IPC);
        }
        TiercelClient client = TiercelClient.connect(context);
        if (client.mode() != mode) {
            CloseHelper.quietClose(client);
            throw new IllegalStateException("mode=" + client.mode() + " expected " + mode);
        }
        return client;
    }

    /** Where its HTTP is. */
    public SocketAddress httpAddress() {
        String endpoint = endpoint(1);
        int colon = endpoint.lastIndexOf(':');
        return new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    }

    private String endpoint(int line) {
        try {
            List<String> lines = Files.readAllLines(NodeProcess.endpointsFile(process.folders()));
            return lines.get(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts all values, through a client of its own, and reads each twice, so that the heap tier has what it takes. */
    public void fill(Payloads payloads) {
        try (TiercelClient client = connect(Mode.IPC)) {
            Filling.put(client, payloads);
            Filling.requireAll(client, payloads);
            Filling.requireAll(client, payloads);
        }
    }

    /** Puts one value. */
    public void put(String key, ByteBuffer value) {
        try (TiercelClient client = connect(Mode.IPC)) {
            client.put(Key.of(key), value, PutOptions.DEFAULTS.timeout(REQUEST_TIMEOUT_NS, TimeUnit.NANOSECONDS));
        }
    }

    /** Puts all values, through a client of its own. */
    public void put(Payloads payloads) {
        try (TiercelClient client = connect(Mode.IPC)) {
            Filling.put(client, payloads);
        }
    }

    /**
     * Reads a value until it is there; a node that has just started may not know it yet.
     *
     * @throws IllegalStateException when it is not there in a minute.
     */
    public void awaitHit(TiercelClient client, Payloads payloads, int number) {
        long deadlineNs = System.nanoTime() + REQUEST_TIMEOUT_NS;
        Frame frame = new Frame();
        while (!Filling.isRead(client, Key.of(payloads.key(number)), frame, number, payloads)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IllegalStateException("key=" + payloads.key(number) + " was put and is not there");
            }
        }
    }

    public Path dir() {
        return process.folders().disk();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
