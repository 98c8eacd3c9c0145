package io.tiercel.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server on a free port of this host, its objects in memory: one for all tests of a JVM. Threadsafe. */
final class S3ProxyServer {
    static final String KEY_ID = "local-identity";
    static final String KEY = "local-credential";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Its objects are there, in the long form one of 1 GiB, whole and in parts. */
    private static final String HEAP = Boolean.getBoolean("tiercel.full") ? "-Xmx4g" : "-Xmx512m";
    private static final int ATTEMPTS = 3;
    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static @Nullable S3ProxyServer started;

    private final Process process;
    private final int port;

    private S3ProxyServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The server, started by the first who asks; it ends with this JVM. */
    static synchronized S3ProxyServer shared() {
        S3ProxyServer server = started;
        if (server == null || !server.process.isAlive()) {
            // What the SDK's default chain looks at first.
            System.setProperty("aws.accessKeyId", KEY_ID);
            System.setProperty("aws.secretAccessKey", KEY);
            server = start();
            started = server;
        }
        return server;
    }

    int port() {
        return port;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** The URI of a store in a new bucket of its own. */
    String newStore() {
        return storeOf(newBucket());
    }

    String storeOf(String bucket) {
        return "s3://" + bucket + "?endpoint=" + endpoint() + "&region=us-east-1";
    }

    String newBucket() {
        String bucket = "bucket-" + BUCKETS.incrementAndGet();
        try (S3Client client = client()) {
            client.createBucket(request -> request.bucket(bucket));
        }
        return bucket;
    }

    /** A client that is not the adapter's, to look behind it. */
    S3Client client() {
        return new S3ClientConfiguration(java.net.URI.create(endpoint()), "us-east-1", true, null, true, 30_000, 5_000)
                .open(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, KEY)));
    }

    private static S3ProxyServer start() {
        for (int attempt = 1;; attempt++) {
            try {
                S3ProxyServer server = start(freePort());
                server.awaitAnswer();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (IllegalStateException e) {
                // Somebody else may have taken the port meanwhile.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static S3ProxyServer start(int port) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "s3proxy"));
        Path log = folder.resolve("log-" + port + ".txt").toAbsolutePath();
        Path file = folder.resolve("settings-" + port + ".properties");
        Properties settings = new Properties();
        settings.setProperty("s3proxy.endpoint", "http://127.0.0.1:" + port);
        settings.setProperty("s3proxy.authorization", "aws-v2-or-v4");
        settings.setProperty("s3proxy.identity", KEY_ID);
        settings.setProperty("s3proxy.credential", KEY);
        settings.setProperty("jclouds.provider", "transient");
        settings.setProperty("jclouds.identity", "unused");
        settings.setProperty("jclouds.credential", "unused");
        settings.setProperty("jclouds.endpoint", "");
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        Path logging = Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %level %logger{0} %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """);
        String jars = Files.readString(Path.of(System.getProperty("tiercel.s3proxy.classpath"))).strip();
        String classes = Path.of(
                S3ProxyMain.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP, "-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=" + logging.toAbsolutePath(), "-cp",
                classes + java.io.File.pathSeparator + jars,
                S3ProxyMain.class.getName(), "--properties", file.toAbsolutePath().toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return new S3ProxyServer(process, port);
    }

    private void awaitAnswer() {
        Awaitility.await("S3Proxy answers on port " + port).atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("S3Proxy ended with " + process.exitValue());
                    }
                    return answers();
                });
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
