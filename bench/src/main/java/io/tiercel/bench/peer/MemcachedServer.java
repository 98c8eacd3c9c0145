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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * memcached as it is fastest for one client: one thread, items of up to 512 MiB, memory enough for all that is put. It
 * listens on TCP or on a unix socket, not on both. Threadsafe.
 */
public final class MemcachedServer implements AutoCloseable {
    /** What to install where it is missing. */
    public static final String PACKAGE = "memcached";

    private final NativeServer server;
    private final SocketAddress address;

    private MemcachedServer(NativeServer server, SocketAddress address) {
        this.server = server;
        this.address = address;
    }

    public static @Nullable Path program() {
        return NativeServer.find("memcached");
    }

    public static MemcachedServer overTcp() {
        ScratchFolders folders = NativeServer.folders();
        int port = FreePorts.tcp();
        return start(folders, new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                List.of("-l", "127.0.0.1", "-p", Integer.toString(port)));
    }

    public static MemcachedServer overUnix() {
        ScratchFolders folders = NativeServer.folders();
        Path socket = folders.memory().resolve("memcached.sock");
        return start(folders, UnixDomainSocketAddress.of(socket), List.of("-s", socket.toString()));
    }

    private static MemcachedServer start(ScratchFolders folders, SocketAddress address, List<String> listening) {
        Path program = program();
        if (program == null) {
            throw new IllegalStateException("not installed: " + PACKAGE);
        }
        List<String> command = new ArrayList<>(List.of(program.toString(), "-u", System.getProperty("user.name"), "-t",
                "1", "-m", "2048", "-I", "512m", "-R", "1000"));
        command.addAll(listening);
        return new MemcachedServer(NativeServer.start(folders, () -> Reachable.is(address), command), address);
    }

    /** Sets all values. */
    public void fill(Payloads payloads) {
        try (SocketLine line = SocketLine.connect(address, SocketLine.SPIN_NS)) {
            ByteBuffer value = payloads.valueBuffer();
            for (int number = 0; number < payloads.count(); number++) {
                Payloads.number(value, number);
                SocketFilling.store(line, "set " + payloads.key(number) + " 0 0 " + payloads.length() + "\r\n", value,
                        "\r\n", "STORED\r\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A connection.
     *
     * @param window requests under way at a time.
     */
    public ReadPath open(Payloads payloads, int window) {
        return SocketPath.open(address, new MetaProtocol(), payloads, window);
    }

    /** The same by one request for as many values. */
    public ReadPath openMultiGet(Payloads payloads, int window) {
        return SocketPath.open(address, new MultiGetProtocol(), payloads, window);
    }

    public long pid() {
        return server.pid();
    }

    @Override
    public void close() {
        server.close();
    }
}
