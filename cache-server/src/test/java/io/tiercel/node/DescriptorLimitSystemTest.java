package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node of jars, in a process whose descriptors are all taken: it refuses what needs a new one, and goes on. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DescriptorLimitSystemTest {
    /** Below every descriptor that a process has, so that there is none free. */
    private static final String NO_DESCRIPTORS = "3:";

    private static final Key KEPT = Key.of("kept");
    private static final Key LARGE = Key.of("large");
    private static final int LARGE_LENGTH = 10 << 20;

    @TempDir
    Path temp;

    @Test
    void shouldRefuseWhatNeedsDescriptorsAndReadOn() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
        Path store = storeOfFiles("known", "other");
        Path dir = temp.resolve("node");
        Distribution distribution = Distribution.in(temp.resolve("distribution"));
        List<String> options = List.of("--mapped", "64MiB", "--heap", "0", "--mount", "=cache:", "--mount",
                "files=" + store.toUri());
        try (Distribution.Served node = distribution.serve(dir, options, Map.of())) {
            String ready = node.firstLine();
            assertThat(ready).startsWith("ready ");
            try (TiercelClient mapped = connect(dir, false); TiercelClient streamed = connect(dir, true)) {
                mapped.put(KEPT, ByteBuffer.allocate(1000), PutOptions.DEFAULTS);
                assertThat(lengthOf(streamed, Key.of("files/known"))).isEqualTo(5);

                limitDescriptors(node, NO_DESCRIPTORS);

                assertThat(codeOfRefusedPut(mapped)).isEqualTo(ErrorCode.NO_SPACE);
                assertThat(codeOfRefusedPut(streamed)).isEqualTo(ErrorCode.NO_SPACE);
                assertThatThrownBy(() -> lengthOf(streamed, Key.of("files/other")))
                        .isInstanceOfSatisfying(TiercelException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
                assertThatThrownBy(() -> connect(dir, true).close()).isInstanceOf(TiercelException.class);
                try (Socket http = request(ready)) {
                    awaitLogged(distribution, "http: no connection is accepted");
                    assertThat(lengthOf(mapped, KEPT)).isEqualTo(1000);
                    assertThat(lengthOf(streamed, KEPT)).isEqualTo(1000);
                    mapped.put(KEPT, ByteBuffer.allocate(2000), PutOptions.DEFAULTS);
                    assertThat(lengthOf(streamed, KEPT)).isEqualTo(2000);
                    assertThat(streamed.status()).contains("\"state\":\"degraded\"");

                    limitDescriptors(node, "4096:");

                    assertThat(firstLineOf(http)).startsWith("HTTP/1.1 200");
                }
                awaitPut(mapped);
                assertThat(lengthOf(streamed, LARGE)).isEqualTo(LARGE_LENGTH);
                assertThat(lengthOf(streamed, Key.of("files/other"))).isEqualTo(5);
                connect(dir, true).close();
            }
            assertThat(node.stop()).isZero();
        }
        assertThat(distribution.log()).containsOnlyOnce("mapped tier: NO_NEW_FILES:")
                .containsOnlyOnce("NO_NEW_FILES is over").containsOnlyOnce("http: no connection is accepted")
                .doesNotContain("shard:");
    }

    private Path storeOfFiles(String... names) throws IOException {
        Path store = Files.createDirectory(temp.resolve("store"));
        for (String name : names) {
            Files.setLastModifiedTime(Files.writeString(store.resolve(name), "value"), FileTime.fromMillis(0));
        }
        return store;
    }

    private static TiercelClient connect(Path dir, boolean isStreamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(isStreamed)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(20)));
    }

    private static long lengthOf(TiercelClient client, Key key) {
        try (Frame frame = client.get(key)) {
            return frame == null ? -1 : frame.length();
        }
    }

    /** A frame that needs a segment file of its own. */
    private static void putLarge(TiercelClient client) {
        client.put(LARGE, ByteBuffer.allocate(LARGE_LENGTH), PutOptions.DEFAULTS);
    }

    private static ErrorCode codeOfRefusedPut(TiercelClient client) {
        return catchThrowableOfType(TiercelException.class, () -> putLarge(client)).code();
    }

    /** The disk that failed is asked again after a while. */
    private static void awaitPut(TiercelClient client) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptionsInstanceOf(TiercelException.class)
                .untilAsserted(() -> putLarge(client));
    }

    private static void awaitLogged(Distribution distribution, String text) {
        Awaitility.await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(distribution.log()).contains(text));
    }

    private static void limitDescriptors(Distribution.Served node, String limit)
            throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder("/usr/bin/prlimit", "--pid", Long.toString(node.pid()),
                "--nofile=" + limit).inheritIO().start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static Socket request(String ready) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(),
                Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)));
        socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: node\r\n\r\n".getBytes(
                StandardCharsets.US_ASCII));
        return socket;
    }

    private static String firstLineOf(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
}
