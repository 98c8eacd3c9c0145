package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole node over HTTP, as curl uses it, and beside a mapped client. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpSystemTest {
    @TempDir
    Path temp;
    private Path lake;
    private TiercelNode node;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void launch() throws IOException {
        lake = Files.createDirectory(temp.resolve("lake"));
        node = TiercelNode.launch(settings(temp.resolve("node"), "127.0.0.1:0"));
    }

    @AfterEach
    void close() {
        http.shutdownNow();
        http.close();
        node.close();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().startsWith("tiercel-http"));
    }

    private NodeSettings settings(Path dir, String httpEndpoint) {
        return new NodeSettings.Context().dir(dir).mappedCapacity(256L << 20).profile(Profile.COMPACT)
                .udpEndpoint(NodeSettings.OFF).httpEndpoint(httpEndpoint).drainDeadlineMs(2_000)
                .mount("", URI.create("cache:/")).mount("lake", lake.toUri()).conclude();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 100_000, 20_000_000})
    void shouldGiveBackWhatWasPut(int length) throws Exception {
        byte[] bytes = randomBytes(length);

        HttpResponse<byte[]> put = send("PUT", "/v1/objects/a/b%20c", BodyPublishers.ofByteArray(bytes));
        HttpResponse<byte[]> chunked = send("PUT", "/v1/objects/chunked",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));

        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(chunked.statusCode()).isEqualTo(201);
        HttpResponse<byte[]> get = send("GET", "/v1/objects/a/b%20c", BodyPublishers.noBody());
        assertThat(get.body()).isEqualTo(bytes);
        assertThat(field(get, "ETag")).isEqualTo(field(put, "ETag")).isEqualTo(field(chunked, "ETag"));
        assertThat(field(get, "Cache-Status")).isEqualTo("tiercel; hit");
        assertThat(send("GET", "/v1/objects/chunked", BodyPublishers.noBody()).body()).isEqualTo(bytes);
        HttpResponse<byte[]> head = send("HEAD", "/v1/objects/a/b%20c", BodyPublishers.noBody());
        assertThat(field(head, "Content-Length")).isEqualTo(Integer.toString(length));
        assertThat(field(head, "ETag")).isEqualTo(field(put, "ETag"));
    }

    @Test
    void shouldShareObjectsWithOtherClients() throws Exception {
        try (TiercelClient client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()))) {
            client.put(Key.of("k"), ByteBuffer.wrap(bytes("one")), PutOptions.DEFAULTS);
            assertThat(get("/v1/objects/k")).isEqualTo("one");

            assertThat(send("PUT", "/v1/objects/k", BodyPublishers.ofString("two")).statusCode()).isEqualTo(204);

            assertThat(textOf(client)).isEqualTo("two");
            assertThat(send("DELETE", "/v1/objects/k", BodyPublishers.noBody()).statusCode()).isEqualTo(204);
            assertThat(client.get(Key.of("k"))).isNull();
        }
    }

    @Test
    void shouldReadThroughAndInvalidate() throws Exception {
        Files.createDirectory(lake.resolve("d"));
        Files.writeString(lake.resolve("d/x"), "old");

        HttpResponse<byte[]> miss = send("GET", "/v1/objects/lake/d/x", BodyPublishers.noBody());
        // A file that has just changed is read from its store each time, for a while.
        await().atMost(Duration.ofSeconds(20)).until(() -> field(send("GET", "/v1/objects/lake/d/x",
                BodyPublishers.noBody()), "Cache-Status").equals("tiercel; hit"));
        Files.writeString(lake.resolve("d/x"), "newer");
        assertThat(send("POST", "/v1/invalidate?prefix=lake/d", BodyPublishers.noBody()).statusCode()).isEqualTo(200);

        assertThat(field(miss, "Cache-Status")).startsWith("tiercel; fwd=miss");
        assertThat(field(miss, "Last-Modified")).isNotEmpty();
        assertThat(get("/v1/objects/lake/d/x")).isEqualTo("newer");
        assertThat(send("GET", "/v1/objects/lake/d", BodyPublishers.noBody()).statusCode()).isEqualTo(400);
        assertThat(send("HEAD", "/v1/objects/lake/d", BodyPublishers.noBody()).statusCode()).isEqualTo(400);
        assertThat(send("GET", "/v1/objects/lake/none", BodyPublishers.noBody()).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldKeepTheOldValueWhenAConditionFails() throws Exception {
        String etag = field(send("PUT", "/v1/objects/k", BodyPublishers.ofString("one")), "ETag");

        assertThat(send("PUT", "/v1/objects/k", BodyPublishers.ofString("x"), "If-None-Match", "*").statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "/v1/objects/k", BodyPublishers.ofString("x"), "If-Match", "\"other\"").statusCode())
                .isEqualTo(412);
        assertThat(get("/v1/objects/k")).isEqualTo("one");

        assertThat(send("PUT", "/v1/objects/k", BodyPublishers.ofString("two"), "If-Match", etag).statusCode())
                .isEqualTo(204);
        assertThat(get("/v1/objects/k")).isEqualTo("two");
    }

    @Test
    void shouldChangeTheCapacityWhileItServes() throws Exception {
        send("PUT", "/v1/objects/kept", BodyPublishers.ofByteArray(randomBytes(1000)));

        HttpResponse<byte[]> changed = send("POST", "/v1/capacity?mapped=134217728", BodyPublishers.noBody());
        HttpResponse<byte[]> refused = send("POST", "/v1/capacity?mapped=1", BodyPublishers.noBody());

        assertThat(new String(changed.body(), StandardCharsets.UTF_8)).isEqualTo("{\"mapped\":134217728}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("mappedCapacity=1",
                "BAD_CONFIGURATION");
        assertThat(send("GET", "/v1/objects/kept", BodyPublishers.noBody()).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> status = send("GET", "/v1/status", BodyPublishers.noBody());
        assertThat(new String(status.body(), StandardCharsets.UTF_8)).contains("\"capacityBytes\":134217728");
    }

    @Test
    void shouldShowStatusMetricsAndHealth() throws Exception {
        assertThat(get("/v1/status")).startsWith("{\"node\":\"").contains("\"tiers\":{\"heap\":{\"capacityBytes\":",
                "\"uri\":\"file:", "\"state\":\"up\"");
        assertThat(get("/metrics")).contains("tiercel_tier_capacity_bytes{tier=\"mapped\"}",
                "tiercel_store_up{mount=\"lake\",state=\"up\"} 1.0");
        assertThat(get("/health/live")).contains("live");
        assertThat(get("/health/ready")).contains("ready");
    }

    @Test
    void shouldRefuseToStartOnATakenPortAndLeaveNothing() {
        Path second = temp.resolve("second");

        assertThatThrownBy(() -> TiercelNode.launch(settings(second, node.httpEndpoint())))
                .isInstanceOf(TiercelException.class).hasMessageContaining("port taken: http.bind=")
                .extracting("code").isEqualTo(ErrorCode.NODE_UNAVAILABLE);

        TiercelNode.launch(settings(second, "127.0.0.1:0")).close();
    }

    private HttpResponse<byte[]> send(String method, String target, BodyPublisher body, String... fields)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + node.httpEndpoint() + target))
                .method(method, body);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private String get(String target) throws Exception {
        HttpResponse<byte[]> response = send("GET", target, BodyPublishers.noBody());
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String textOf(TiercelClient client) {
        try (Frame frame = client.get(Key.of("k"))) {
            assertThat(frame).isNotNull();
            byte[] copy = new byte[(int) frame.length()];
            frame.byteBuffer().get(copy);
            return new String(copy, StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
