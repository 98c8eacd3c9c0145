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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * nginx serving files as it is fastest: one worker, sendfile, files kept open, no log, connections that live. The files
 * are in the page cache. Threadsafe.
 */
public final class NginxServer implements AutoCloseable {
    /** What to install where it is missing. */
    public static final String PACKAGE = "nginx-light";

    private final NativeServer server;
    private final SocketAddress address;

    private NginxServer(NativeServer server, SocketAddress address) {
        this.server = server;
        this.address = address;
    }

    public static @Nullable Path program() {
        return NativeServer.find("nginx");
    }

    public static NginxServer start() {
        Path program = program();
        if (program == null) {
            throw new IllegalStateException("not installed: " + PACKAGE);
        }
        ScratchFolders folders = NativeServer.folders();
        int port = FreePorts.tcp();
        SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Path configuration = folders.disk().resolve("nginx.conf");
        try {
            Files.createDirectories(folders.disk().resolve("files"));
            Files.writeString(configuration, configuration(folders.disk(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new NginxServer(NativeServer.start(folders, () -> Reachable.is(address),
                List.of(program.toString(), "-p", folders.disk().toString(), "-c", configuration.toString())), address);
    }

    private static String configuration(Path folder, int port) {
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        return """
            %1$s
            daemon off;
            master_process off;
            worker_processes 1;
            pid %2$s/nginx.pid;
            error_log %2$s/error.log crit;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path %2$s/body;
              proxy_temp_path %2$s/proxy;
              fastcgi_temp_path %2$s/fastcgi;
              uwsgi_temp_path %2$s/uwsgi;
              scgi_temp_path %2$s/scgi;
              default_type application/octet-stream;
              sendfile on;
              sendfile_max_chunk 0;
              tcp_nopush on;
              tcp_nodelay on;
              keepalive_requests 1000000000;
              keepalive_timeout 600s;
              open_file_cache max=1000 inactive=600s;
              open_file_cache_valid 600s;
              etag off;
              server { listen 127.0.0.1:%3$d; root %2$s/files; }
            }
            """.formatted(user, folder, port);
    }

    /** Writes a file for each value. */
    public void fill(Payloads payloads) {
        try {
            ByteBuffer value = payloads.valueBuffer();
            for (int number = 0; number < payloads.count(); number++) {
                Path file = server.scratch().disk().resolve("files").resolve(payloads.key(number));
                Files.createDirectories(file.resolveSibling("."));
                Payloads.number(value, number);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
                    ByteBuffer rest = value.duplicate().clear();
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ReadPath open(Payloads payloads) {
        return SocketPath.http(address, "/", payloads);
    }

    public long pid() {
        return server.pid();
    }

    @Override
    public void close() {
        server.close();
    }
}
