package io.tiercel.storage.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An nginx of its own on a free loopback port, which serves a folder. */
final class Nginx implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where it is installed, if it is. */
    static Optional<Path> program() {
        Stream<String> folders = Stream.concat(Stream.of(System.getenv("PATH").split(":")),
                Stream.of("/usr/sbin", "/usr/local/sbin"));
        return folders.map(folder -> Path.of(folder, "nginx")).filter(Files::isExecutable).findFirst();
    }

    static Nginx start(Path program, Path work, Path served) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path configuration = Files.writeString(work.resolve("nginx.conf"), """
                daemon off; master_process off; pid WORK/pid; error_log WORK/error.log;
                events { worker_connections 64; }
                http {
                  access_log off; client_body_temp_path WORK/body; proxy_temp_path WORK/proxy;
                  fastcgi_temp_path WORK/fastcgi; uwsgi_temp_path WORK/uwsgi; scgi_temp_path WORK/scgi;
                  server { listen 127.0.0.1:PORT; root SERVED; }
                }
                """.replace("WORK", work.toString()).replace("PORT", String.valueOf(port)).replace("SERVED",
                served.toString()));
        Process process = new ProcessBuilder(List.of(program.toString(), "-e", work + "/error.log", "-c",
                configuration.toString(), "-p", work.toString())).redirectErrorStream(true)
                .redirectOutput(work.resolve("out").toFile()).start();
        Nginx nginx = new Nginx(process, port);
        try {
            nginx.awaitPort();
            return nginx;
        } catch (RuntimeException e) {
            nginx.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    private void awaitPort() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("nginx does not listen on port=" + port);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
