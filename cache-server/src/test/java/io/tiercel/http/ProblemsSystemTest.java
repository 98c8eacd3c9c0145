package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProblemsSystemTest extends GatewayCase {
    @ParameterizedTest
    @CsvSource({"INVALID_ARGUMENT, 400, 0, ''", "INVALID_KEY, 400, 0, ''", "BAD_CONFIGURATION, 400, 0, ''",
        "UNAUTHENTICATED, 401, 0, ''", "FORBIDDEN, 403, 0, ''", "NOT_FOUND, 404, 0, ''",
        "NOT_SUPPORTED, 405, 0, ''", "NOT_EMPTY, 409, 0, ''", "PRECONDITION_FAILED, 412, 0, ''",
        "ALREADY_EXISTS, 412, 0, ''", "TOO_LARGE, 413, 0, ''", "NO_SPACE, 507, 0, ''", "OVERLOADED, 503, 0, 1",
        "OVERLOADED, 503, 2500, 3", "NOT_YET_AVAILABLE, 503, 60000, 60", "STORE_REFUSED, 502, 0, ''",
        "STORE_UNAVAILABLE, 502, 0, ''", "STORE_UNAVAILABLE, 503, 5000, 5", "TIMEOUT, 504, 0, ''",
        "NODE_UNAVAILABLE, 503, 0, 1", "CORRUPT, 500, 0, ''", "INTERNAL, 500, 0, ''"})
    void shouldTellEachErrorAsTheContractSays(ErrorCode code, int status, int retryAfterMs, String retryAfter)
            throws Exception {
        http.shard.failure = new TiercelException(code, "said \"why\"\n", retryAfterMs, null);

        for (String method : new String[]{"GET", "DELETE"}) {
            HttpResponse<String> response = http.send(method, "/v1/objects/k");

            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.headers().firstValue("Retry-After").orElse("")).isEqualTo(retryAfter);
            assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(response.body()).startsWith("{\"type\":\"about:blank\",\"title\":\"").contains(
                    "\"status\":" + status, "\"detail\":\"said \\\"why\\\"\\n\"", "\"code\":\"" + code + "\"");
        }
    }

    @Test
    void shouldSayWhatIsLeftWhenAStoreRefusesToWrite() throws Exception {
        http.shard.failure = new TiercelException(ErrorCode.NOT_SUPPORTED, "read-only");

        HttpResponse<String> response = http.put("/v1/objects/k", "x");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @ParameterizedTest
    @CsvSource({"POST, /v1/objects/k, 'GET, HEAD, PUT, DELETE'", "OPTIONS, /v1/objects/k, 'GET, HEAD, PUT, DELETE'",
        "PATCH, /v1/objects/k, 'GET, HEAD, PUT, DELETE'", "TRACE, /v1/objects/k, 'GET, HEAD, PUT, DELETE'",
        "get, /v1/objects/k, 'GET, HEAD, PUT, DELETE'", "GET, /v1/invalidate?key=a, POST",
        "POST, /v1/status, 'GET, HEAD'", "PUT, /metrics, 'GET, HEAD'", "DELETE, /health/live, 'GET, HEAD'"})
    void shouldNameTheMethodsOfAPath(String method, String target, String allow) throws Exception {
        String answer = RawHttp.ask(http.gateway.port(), method, target);

        assertThat(answer).startsWith("HTTP/1.1 405").contains("Allow: " + allow + "\r\n", "NOT_SUPPORTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/v1", "/v1/", "/v1/objectsx", "/v1/lists", "/v1/%6Fbjects/k",
        "/V1/objects/k",
        "/v1/status/", "/health", "/favicon.ico", "//v1/objects/k"})
    void shouldServeNothingElse(String target) throws Exception {
        http.shard.store("k", new byte[1], "", 0);

        String answer = RawHttp.ask(http.gateway.port(), "GET", target);

        assertThat(answer).startsWith("HTTP/1.1 404").contains("application/problem+json", "NOT_FOUND");
    }

    @Test
    void shouldOutliveADefectAndCountIt() throws Exception {
        http.shard.store("k", new byte[1], "", 0);
        http.shard.failure = new IllegalStateException("secret detail");

        HttpResponse<String> broken = http.send("GET", "/v1/objects/k");
        http.shard.failure = null;
        HttpResponse<String> whole = http.send("GET", "/v1/objects/k");

        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(broken.body()).contains("\"code\":\"INTERNAL\"").doesNotContain("secret", "IllegalState");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(http.context.metrics().defectCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE\r\n\r\n", "GET /v1/objects/k HTTP/1.1\r\n\r\n",
        "GET /v1/objects/k HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /v1/objects/k HTTP/9.9\r\nHost: a\r\n\r\n",
        "PUT /v1/objects/k HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "PUT /v1/objects/k HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "PUT /v1/objects/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "PUT /v1/objects/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /v1/objects/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"})
    void shouldRefuseWhatIsNotHttpAndServeOn(String request) throws Exception {
        http.shard.store("other", new byte[1], "", 0);

        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send(request);
            String answer = raw.readAll();
            assertThat(answer).satisfiesAnyOf(text -> assertThat(text).isEmpty(),
                    text -> assertThat(text).matches("(?s)HTTP/1.1 (400|505) .*problem\\+json.*")
                            .doesNotContain("Jetty"));
        }

        assertThat(http.shard.bytes("k")).isNull();
        assertThat(http.send("GET", "/v1/objects/other").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseAChangeThatAPageOfAnotherOriginAsksFor() throws Exception {
        http.shard.store("k", new byte[1], "", 0);
        int port = http.gateway.port();

        String foreign = RawHttp.ask(port, "POST", "/v1/invalidate?all=true", "Origin: http://evil.example");
        String opaque = RawHttp.ask(port, "POST", "/v1/invalidate?all=true", "Origin: null");
        assertThat(foreign).startsWith("HTTP/1.1 403").contains("FORBIDDEN");
        assertThat(opaque).startsWith("HTTP/1.1 403");
        assertThat(http.shard.bytes("k")).isNotNull();

        String own = RawHttp.ask(port, "POST", "/v1/invalidate?all=true", "Origin: http://localhost");
        assertThat(own).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldSayThatAPortIsTaken() {
        HttpGateway.Context second = new HttpGateway.Context().bind(http.gateway.address()).commands(http.shard)
                .spoolDir(dir.resolve("spool2")).maxFrame(1);

        assertThatThrownBy(() -> HttpGateway.start(second)).isInstanceOf(TiercelException.class)
                .hasMessage("port taken: http.bind=" + http.gateway.address()
                        + "; choose another, or port 0 for any that is free")
                .extracting("code").isEqualTo(ErrorCode.NODE_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", ":80", "localhost:", "localhost:x", "localhost:65536", "::1:80",
        "localhost:-1", "203.0.113.1:0", "no-such-host.invalid:0"})
    void shouldRefuseABadAddress(String bind) {
        HttpGateway.Context context = new HttpGateway.Context().bind(bind).commands(http.shard)
                .spoolDir(dir.resolve("spool2")).maxFrame(1);

        assertThatThrownBy(() -> HttpGateway.start(context)).isInstanceOf(TiercelException.class)
                .hasMessageContaining("http.bind=" + bind).extracting("code").isEqualTo(ErrorCode.BAD_CONFIGURATION);
    }
}
