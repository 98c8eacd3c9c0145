package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.ObjectStream;
import io.tiercel.client.TiercelClient;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Sizes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One file behind two mounts: kept in pages by the one, larger than the other keeps. */
@Timeout(180)
class LargeObjectSystemTest {
    private static final int PAGE = 256 << 10;
    private static final byte[] BYTES = new byte[(3 << 20) + 17];

    @TempDir
    private static Path dir;

    private static TiercelNode node;

    @BeforeAll
    static void launch() throws IOException {
        new Random(11).nextBytes(BYTES);
        Path lake = Files.createDirectory(dir.resolve("lake"));
        Files.write(lake.resolve("large"), BYTES);
        URI store = lake.toUri();
        MountPolicy policy = MountPolicy.of(8 << 20);
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir.resolve("node")).mappedCapacity(64 << 20)
                .udpEndpoint("127.0.0.1:0").httpEndpoint("127.0.0.1:0")
                .mount(new MountSettings("pages", store, policy.with(new Sizes(8 << 20, 1 << 20, PAGE, PAGE)), false))
                .mount(new MountSettings("passed", store, policy.with(new Sizes(1 << 20, 1 << 20, 1 << 20, PAGE)),
                        false))
                .conclude());
    }

    @AfterAll
    static void close() {
        node.close();
    }

    private static TiercelClient connect(Mode mode) {
        TiercelClient.Context context = new TiercelClient.Context().requestTimeoutNs(TimeUnit.SECONDS.toNanos(30));
        return TiercelClient.connect(switch (mode) {
            case MAPPED -> context.nodeDir(node.dir());
            case IPC -> context.nodeDir(node.dir()).streamed(true);
            case UDP -> context.udp(node.udpEndpoint());
        });
    }

    private static HttpResponse<byte[]> http(HttpClient client, String key, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + node.httpEndpoint()
                + "/v1/objects/" + key)).timeout(Duration.ofSeconds(60));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldReadWhatIsNotKept(Mode mode) throws IOException {
        try (TiercelClient client = connect(mode);
                ObjectStream stream = present(client.openStream(Key.of("passed/large")))) {
            assertThat(stream.objectLength()).isEqualTo(BYTES.length);
            assertThat(stream.readAllBytes()).isEqualTo(BYTES);
            try (Frame range = present(client.getRange(Key.of("passed/large"), 2_000_000, 700_000));
                    Frame whole = present(client.get(Key.of("passed/large")))) {
                assertThat(bytesOf(range)).isEqualTo(Arrays.copyOfRange(BYTES, 2_000_000, 2_700_000));
                assertThat(bytesOf(whole)).isEqualTo(BYTES);
            }
        }
    }

    @Test
    void shouldServeOverHttpWhatIsNotKept() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> whole = http(client, "passed/large");
            HttpResponse<byte[]> ranges = http(client, "passed/large", "Range", "bytes=-17,5-9");

            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(BYTES);
            assertThat(whole.headers().firstValue("Cache-Status")).contains("tiercel; fwd=miss");
            assertThat(ranges.statusCode()).isEqualTo(206);
        }
    }

    @Test
    void shouldServePagesOnEveryWay() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            // A file that has just changed is not kept yet.
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                HttpResponse<byte[]> whole = http(http, "pages/large");
                assertThat(whole.statusCode()).isEqualTo(200);
                assertThat(whole.body()).isEqualTo(BYTES);
                return whole.headers().firstValue("Cache-Status").orElse("").equals("tiercel; hit");
            });

            HttpResponse<byte[]> range = http(http, "pages/large", "Range", "bytes=" + (PAGE - 3) + "-" + (3 * PAGE
                    + 4));
            HttpResponse<byte[]> tail = http(http, "pages/large", "Range", "bytes=-20");

            assertThat(range.body()).isEqualTo(Arrays.copyOfRange(BYTES, PAGE - 3, 3 * PAGE + 5));
            assertThat(tail.headers().firstValue("Content-Range")).contains("bytes " + (BYTES.length - 20) + "-"
                    + (BYTES.length - 1) + "/" + BYTES.length);
            assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(BYTES, BYTES.length - 20, BYTES.length));
        }
        for (Mode mode : Mode.values()) {
            try (TiercelClient client = connect(mode);
                    Frame range = present(client.getRange(Key.of("pages/large"), PAGE - 3, 2 * PAGE));
                    Frame whole = present(client.get(Key.of("pages/large")));
                    ObjectStream stream = present(client.openStream(Key.of("pages/large")))) {
                assertThat(bytesOf(range)).isEqualTo(Arrays.copyOfRange(BYTES, PAGE - 3, 3 * PAGE - 3));
                assertThat(bytesOf(whole)).isEqualTo(BYTES);
                assertThat(stream.readAllBytes()).isEqualTo(BYTES);
            }
        }
    }

    private static byte[] bytesOf(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return bytes;
    }

    private static <T> T present(@Nullable T read) {
        return Objects.requireNonNull(read, "the object is absent");
    }
}
