package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiercel.shard.NodeStatusJson;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NodePagesSystemTest {
    @TempDir
    private Path dir;

    private final AtomicBoolean isReady = new AtomicBoolean(true);
    private GatewayFixture http;

    @BeforeEach
    void start() {
        http = new GatewayFixture(dir, context -> context.isReady(isReady::get).requestTimeoutMs(500));
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @ParameterizedTest
    @CsvSource({"key=a/b, 1, 404, 200, 200", "prefix=a, 2, 404, 404, 200", "prefix=%61%2Fb, 2, 404, 200, 200",
        "all=true, 3, 404, 404, 404"})
    void shouldInvalidate(String query, int epoch, int first, int second, int third) throws Exception {
        http.shard.store("a/b", new byte[1], "", 0);
        http.shard.store("a/c", new byte[1], "", 0);
        http.shard.store("d", new byte[1], "", 0);

        HttpResponse<String> response = http.send("POST", "/v1/invalidate?" + query);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"epoch\":" + epoch + "}");
        assertThat(http.send("GET", "/v1/objects/a/b").statusCode()).isEqualTo(first);
        assertThat(http.send("GET", "/v1/objects/a/c").statusCode()).isEqualTo(second);
        assertThat(http.send("GET", "/v1/objects/d").statusCode()).isEqualTo(third);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?key=", "?prefix=", "?prefix=/", "?all=false", "?all=", "?all",
        "?key=a&prefix=a", "?key=a&key=b", "?keys=a", "?key=a+b", "?key=%FF", "?key=a%00b", "?key=../a",
        "?all=true&x=1"})
    void shouldRefuseAnUnclearInvalidation(String query) throws Exception {
        http.shard.store("a", new byte[1], "", 0);

        assertThat(RawHttp.ask(http.gateway.port(), "POST", "/v1/invalidate" + query)).startsWith("HTTP/1.1 400")
                .contains("\"code\":\"INVALID_");

        assertThat(http.shard.bytes("a")).isNotNull();
    }

    @Test
    void shouldExplainAKey() throws Exception {
        HttpResponse<String> response = http.send("GET", "/v1/explain?key=a%2Fb");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"key\":\"a/b\"}");
        assertThat(http.send("GET", "/v1/explain").statusCode()).isEqualTo(400);
        assertThat(http.send("GET", "/v1/explain?key=..").statusCode()).isEqualTo(400);
        assertThat(http.send("POST", "/v1/explain?key=a").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?mapped=", "?mapped=-1", "?mapped=1GiB", "?mapped=1&mapped=1", "?heap=1",
        "?mapped=9999999999999999999"})
    void shouldRefuseAnUnclearCapacity(String query) throws Exception {
        assertThat(RawHttp.ask(http.gateway.port(), "POST", "/v1/capacity" + query)).startsWith("HTTP/1.1 400")
                .contains("\"code\":\"INVALID_ARGUMENT\"");
    }

    @Test
    void shouldShowTheStatus() throws Exception {
        HttpResponse<String> response = http.send("GET", "/v1/status");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.body()).isEqualTo(NodeStatusJson.of(http.shard.status().join()));
        assertThat(RawHttp.ask(http.gateway.port(), "HEAD", "/v1/status"))
                .contains("Content-Length: " + response.body().length()).endsWith("\r\n\r\n");
    }

    @Test
    void shouldTellLiveFromReady() throws Exception {
        assertThat(http.send("GET", "/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(http.send("GET", "/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");

        isReady.set(false);

        assertThat(http.send("GET", "/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> unready = http.send("GET", "/health/ready");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void shouldExposeMetrics() throws Exception {
        http.shard.store("secret/key", new byte[10], "", 0);
        http.send("GET", "/v1/objects/secret/key");
        http.send("GET", "/v1/objects/none");
        http.put("/v1/objects/k", "abc");

        // A request is counted when its connection is done with it, a moment after its answer is read.
        await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(http.send("GET", "/metrics").body()).contains(
                        "tiercel_http_requests_total{operation=\"get\",status=\"200\"} 1.0\n",
                        "tiercel_http_requests_total{operation=\"get\",status=\"404\"} 1.0\n",
                        "tiercel_http_requests_total{operation=\"put\",status=\"201\"} 1.0\n",
                        "tiercel_http_request_seconds_bucket{operation=\"get\",le=\"+Inf\"} 2\n",
                        "tiercel_http_request_seconds_count{operation=\"put\"} 1\n"));
        HttpResponse<String> prometheus = http.send("GET", "/metrics");
        HttpResponse<String> open = http.send("GET", "/metrics", "Accept", "application/openmetrics-text");

        assertThat(prometheus.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(open.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n");
        assertThat(prometheus.body()).doesNotContain("secret")
                .contains("tiercel_http_sent_bytes_total 10.0\n", "tiercel_http_received_bytes_total 3.0\n")
                .contains("tiercel_tier_hits_total{tier=\"heap\"} 4.0\n", "tiercel_damaged_total 15.0\n")
                .contains("tiercel_store_up{mount=\"\",state=\"down\"} 0.0\n")
                .contains("tiercel_clients{mode=\"MAPPED\"} 1.0\n", "tiercel_client_requests_pending 5.0\n")
                .contains("tiercel_clients_refused_total 25.0\n", "tiercel_clients_unmapped_total 26.0\n",
                        "tiercel_clients_revoked_total 27.0\n", "tiercel_lease_quota_refusals_total 28.0\n",
                        "tiercel_lease_touches_total 29.0\n", "tiercel_lease_foreign_releases_total 30.0\n",
                        "tiercel_writing 31.0\n", "tiercel_puts_abandoned_total 32.0\n",
                        "tiercel_loads_passed_total 24.0\n", "tiercel_loads_retried_total 33.0\n",
                        "tiercel_loads_revalidated_total 34.0\n", "tiercel_refreshes_skipped_total 35.0\n",
                        "tiercel_remembered_misses 36.0\n", "tiercel_streams 37.0\n");
        assertThat(prometheus.body().lines()).allMatch(
                line -> line.startsWith("# ") || line.matches("[a-z_]+(\\{[^}]*})? (-?[0-9.E+-]+|\\+Inf|NaN)"));
    }
}
