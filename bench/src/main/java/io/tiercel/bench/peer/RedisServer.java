package io.tiercel.bench.peer;

import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.process.FreePorts;
import io.tiercel.bench.process.NativeServer;
import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis as it is fastest for reads: nothing written to disk, no limit of memory, one thread, on TCP and on a unix socket.
 * Threadsafe.
 */
public final class RedisServer implements AutoCloseable {
    /** What to install where it is missing. */
    public static final String PACKAGE = "redis-server";

    private static final String SOCKET = "redis.sock";

    private final NativeServer server;
    private final SocketAddress tcp;
    private final SocketAddress unix;

    private RedisServer(NativeServer server, SocketAddress tcp, SocketAddress unix) {
        this.server = server;
        this.tcp = tcp;
        this.unix = unix;
    }

    public static @Nullable Path program() {
        return NativeServer.find("redis-server");
    }

    public static RedisServer start() {
        Path program = program();
        if (program == null) {
            throw new IllegalStateException("not installed: " + PACKAGE);
        }
        ScratchFolders folders = NativeServer.folders();
        Path socket = folders.memory().resolve(SOCKET);
        int port = FreePorts.tcp();
        SocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        SocketAddress unix = UnixDomainSocketAddress.of(socket);
        NativeServer server = NativeServer.start(folders, () -> Reachable.is(tcp) && Reachable.is(unix),
                List.of(program.toString(), "--save", "", "--appendonly", "no", "--daemonize", "no", "--bind",
                        "127.0.0.1", "--port", Integer.toString(port), "--unixsocket", socket.toString(),
                        "--unixsocketperm", "600", "--dir", folders.disk().toString(), "--io-threads", "1",
                        "--loglevel", "warning"));
        return new RedisServer(server, tcp, unix);
    }

    /** Sets one value. */
    public void set(String key, ByteBuffer value) {
        try (SocketLine line = SocketLine.connect(unix, SocketLine.SPIN_NS)) {
            set(line, key, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(SocketLine line, String key, ByteBuffer value) throws IOException {
        SocketFilling.store(line, "*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n$" + value.capacity()
                + "\r\n", value, "\r\n", "+OK\r\n");
    }

    /** Sets all values. */
    public void fill(Payloads payloads) {
        try (SocketLine line = SocketLine.connect(unix, SocketLine.SPIN_NS)) {
            ByteBuffer value = payloads.valueBuffer();
            for (int number = 0; number < payloads.count(); number++) {
                Payloads.number(value, number);
                set(line, payloads.key(number), value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A connection over TCP.
     *
     * @param window requests under way at a time.
     */
    public ReadPath overTcp(Payloads payloads, int window) {
        return SocketPath.open(tcp, new RespProtocol(), payloads, window);
    }

    /**
     * A connection over a unix socket.
     *
     * @param window requests under way at a time.
     */
    public ReadPath overUnix(Payloads payloads, int window) {
        return SocketPath.open(unix, new RespProtocol(), payloads, window);
    }

    /** A way for one of many readers at a time, which waits without spinning. */
    public ReadPath overUnixAmongMany(Payloads payloads) {
        return SocketPath.open(unix, new RespProtocol(), payloads, 1, 0);
    }

    /** Its unix socket. */
    public Path socket() {
        return server.scratch().memory().resolve(SOCKET);
    }

    public long pid() {
        return server.pid();
    }

    @Override
    public void close() {
        server.close();
    }
}
