package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.shard.PutCondition;
import io.tiercel.shard.PutRequest;
import io.tiercel.shard.Served;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ObjectsSystemTest extends GatewayCase {
    @Test
    void shouldAnswerAGetWithBytesAndFields() throws Exception {
        http.shard.store("a/b", "value".getBytes(StandardCharsets.UTF_8), "text/plain", 784_111_777_000L);

        HttpResponse<String> response = http.send("GET", "/v1/objects/a/b");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("value");
        assertThat(field(response, "Content-Length")).isEqualTo("5");
        assertThat(field(response, "Content-Type")).isEqualTo("text/plain");
        assertThat(field(response, "ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(field(response, "Last-Modified")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(field(response, "Cache-Status")).isEqualTo("tiercel; hit");
        assertThat(field(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(field(response, "Content-Security-Policy")).contains("sandbox");
        assertThat(response.headers().map()).doesNotContainKeys("server", "x-powered-by");
    }

    @ParameterizedTest
    @CsvSource({"HEAP, tiercel; hit", "MAPPED, tiercel; hit", "LOADED, tiercel; fwd=miss; stored",
        "COLLAPSED, tiercel; fwd=miss; collapsed", "STORE, tiercel; fwd=miss"})
    void shouldSayWhatAnswered(Served served, String cacheStatus) throws Exception {
        http.shard.store("k", new byte[0], "", 0);
        http.shard.served = served;

        HttpResponse<String> response = http.send("GET", "/v1/objects/k");

        assertThat(field(response, "Cache-Status")).isEqualTo(cacheStatus);
    }

    @Test
    void shouldAnswerAnEmptyObjectWithoutAType() throws Exception {
        http.shard.store("empty", new byte[0], "", 0);

        HttpResponse<String> response = http.send("GET", "/v1/objects/empty");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(field(response, "Content-Length")).isEqualTo("0");
        assertThat(field(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(response.headers().map()).doesNotContainKey("last-modified");
    }

    @Test
    void shouldNotLetAStoredTypeForgeFields() throws Exception {
        http.shard.store("evil", new byte[1], "text/html\r\nSet-Cookie: a=b", 0);

        String answer = RawHttp.ask(http.gateway.port(), "GET", "/v1/objects/evil");

        assertThat(answer).contains("Content-Type: application/octet-stream").doesNotContain("Set-Cookie");
    }

    @Test
    void shouldAnswerAHeadWithTheFieldsOfAGet() throws Exception {
        http.shard.store("k", new byte[1234], "image/png", 1000);

        String head = RawHttp.ask(http.gateway.port(), "HEAD", "/v1/objects/k");
        String get = RawHttp.ask(http.gateway.port(), "GET", "/v1/objects/k");

        assertThat(head).contains("Content-Length: 1234").endsWith("\r\n\r\n");
        assertThat(withoutDate(head)).isEqualTo(withoutDate(get.substring(0, get.indexOf("\r\n\r\n") + 4)));
        assertThat(RawHttp.ask(http.gateway.port(), "HEAD", "/v1/objects/none")).startsWith("HTTP/1.1 404")
                .endsWith("\r\n\r\n");
        assertThat(RawHttp.ask(http.gateway.port(), "HEAD", "/v1/objects/folder")).startsWith("HTTP/1.1 400");
    }

    @Test
    void shouldCreateThenReplace() throws Exception {
        HttpResponse<String> created = http.put("/v1/objects/k", "one", "Content-Type", "text/csv", "Tiercel-Ttl",
                "10m");
        HttpResponse<String> replaced = http.put("/v1/objects/k", "two");
        HttpResponse<String> read = http.send("GET", "/v1/objects/k");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(replaced.statusCode()).isEqualTo(204);
        assertThat(field(replaced, "ETag")).isNotEqualTo(field(created, "ETag")).isEqualTo(field(read, "ETag"));
        assertThat(read.body()).isEqualTo("two");
        PutRequest first = http.shard.puts.getFirst();
        assertThat(first.ttlMs()).isEqualTo(600_000);
        assertThat(first.contentType()).isEqualTo("text/csv");
        assertThat(first.length()).isEqualTo(3);
        assertThat(http.shard.puts.getLast().contentType()).isEmpty();
    }

    @Test
    void shouldHonourConditionsOfAPut() throws Exception {
        String etag = field(http.put("/v1/objects/k", "one"), "ETag");

        assertThat(http.put("/v1/objects/k", "x", "If-None-Match", "*").statusCode()).isEqualTo(412);
        assertThat(http.put("/v1/objects/k", "x", "If-Match", "\"no\"").statusCode()).isEqualTo(412);
        assertThat(http.shard.bytes("k")).isEqualTo("one".getBytes(StandardCharsets.UTF_8));
        assertThat(http.put("/v1/objects/k", "two", "If-Match", "\"no\", " + etag).statusCode()).isEqualTo(204);
        assertThat(http.put("/v1/objects/new", "x", "If-None-Match", "*").statusCode()).isEqualTo(201);
        assertThat(http.put("/v1/objects/none", "x", "If-Match", "*").statusCode()).isEqualTo(412);
        assertThat(http.shard.puts).extracting(PutRequest::condition).contains(PutCondition.IF_ABSENT,
                PutCondition.IF_MATCH);
    }

    @ParameterizedTest
    @CsvSource({"If-None-Match, '\"a\"'", "If-Unmodified-Since, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "Content-Encoding, gzip", "Content-Range, bytes 0-2/3", "Tiercel-Ttl, 10", "Tiercel-Ttl, 0s",
        "Tiercel-Ttl, -1s", "Tiercel-Ttl, 999999999999d"})
    void shouldRefuseAPutThatItCannotHonour(String name, String value) throws Exception {
        HttpResponse<String> response = http.put("/v1/objects/k", "abc", name, value);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("INVALID_ARGUMENT").contains(name);
        assertThat(http.shard.bytes("k")).isNull();
    }

    @Test
    void shouldTakeABodyOfUnknownLength() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);

        HttpResponse<String> response = http.send("PUT", "/v1/objects/chunked",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(http.shard.bytes("chunked")).isEqualTo(body);
        assertThat(dir.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void shouldTakeAnEmptyBody() throws Exception {
        assertThat(http.put("/v1/objects/k", "").statusCode()).isEqualTo(201);
        assertThat(RawHttp.ask(http.gateway.port(), "PUT", "/v1/objects/no-length")).startsWith("HTTP/1.1 201");
        assertThat(http.shard.bytes("k")).isEmpty();
        assertThat(http.shard.bytes("no-length")).isEmpty();
    }

    @Test
    void shouldRefuseABodyTooLargeBeforeItComes() throws Exception {
        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                    + (GatewayFixture.MAX_FRAME + 1) + "\r\n\r\n");

            assertThat(raw.readAll()).startsWith("HTTP/1.1 413").contains("TOO_LARGE", "Connection: close");
        }
        assertThat(http.shard.puts).isEmpty();
    }

    @Test
    void shouldTakeTheNextRequestOnTheSameConnection() throws Exception {
        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    + "DELETE /v1/objects/none HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "GET /v1/objects/k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            String answers = raw.readAll();

            assertThat(answers).containsSubsequence("HTTP/1.1 201", "HTTP/1.1 204", "HTTP/1.1 200", "\r\n\r\nabc");
        }
    }

    @Test
    void shouldDeleteWhatIsThereAndWhatIsNot() throws Exception {
        http.shard.store("a", new byte[1], "", 0);
        http.shard.store("p/a", new byte[1], "", 0);
        http.shard.store("p/b", new byte[1], "", 0);

        assertThat(http.send("DELETE", "/v1/objects/a").statusCode()).isEqualTo(204);
        assertThat(http.send("DELETE", "/v1/objects/a").statusCode()).isEqualTo(204);
        assertThat(http.send("DELETE", "/v1/objects/p?recursive=true").statusCode()).isEqualTo(204);

        assertThat(http.send("GET", "/v1/objects/a").statusCode()).isEqualTo(404);
        assertThat(http.send("GET", "/v1/objects/p/b").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNotDeleteUnderAConditionItCannotJudge() throws Exception {
        http.shard.store("a", new byte[1], "", 0);

        assertThat(http.send("DELETE", "/v1/objects/a", "If-Match", "\"x\"").statusCode()).isEqualTo(400);

        assertThat(http.shard.bytes("a")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"/v1/objects/a?recursive=1", "/v1/objects/a?recursive=", "/v1/objects/a?recursiv=true",
        "/v1/objects/a?recursive=true&recursive=true", "/v1/objects/a?recursive=%zz"})
    void shouldRefuseParametersItDoesNotKnow(String target) throws Exception {
        http.shard.store("a", new byte[1], "", 0);

        assertThat(RawHttp.ask(http.gateway.port(), "DELETE", target)).startsWith("HTTP/1.1 400")
                .contains("INVALID_ARGUMENT");

        assertThat(http.shard.bytes("a")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        // target, key
        "/v1/objects/a/b a/b", "/v1/objects/a%2Fb a/b", "/v1/objects//a//b/ a/b", "/v1/objects/a/./b a/b",
        "/v1/objects/a\\b a/b", "/v1/objects/a%5Cb a/b", "/v1/objects/a;v=1/b;c a;v=1/b;c",
        "/v1/objects/a%3Bb a;b", "/v1/objects/a%25b a%b", "/v1/objects/a%252Fb a%2Fb", "/v1/objects/a+b a+b",
        "/v1/objects/a%3Fb%23c a?b#c", "/v1/objects/%C3%A9 \u00e9",
        "/v1/objects/%c3%a9/%F0%9F%98%80 \u00e9/\uD83D\uDE00",
        "/v1/objects/a..b a..b", "/v1/objects/%7Ea ~a", "/v1/objects/a:@!$&'()*,=b a:@!$&'()*,=b",
        "http://other/v1/objects/a/b a/b", "/v1/objects/...%2F..a .../..a"}, quoteCharacter = '`')
    void shouldDecodeAKeyExactlyOnce(String target, String key) throws Exception {
        http.shard.store(key, key.getBytes(StandardCharsets.UTF_8), "", 0);
        http.shard.store("other", new byte[0], "", 0);
        String host = target.startsWith("http") ? "Host: other" : "Host: localhost";

        String answer;
        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("GET " + target + " HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n");
            answer = raw.readAll();
        }

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .isEqualTo(new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/objects", "/v1/objects/", "/v1/objects//", "/v1/objects/.", "/v1/objects/..",
        "/v1/objects/../x", "/v1/objects/a/../b", "/v1/objects/../../../etc/passwd", "/v1/objects/a/%2e%2e/b",
        "/v1/objects/%2E%2E", "/v1/objects/a%2F..%2Fb", "/v1/objects/a\\..\\b", "/v1/objects/a%00b",
        "/v1/objects/a%0Ab", "/v1/objects/a%0Db", "/v1/objects/a%7Fb", "/v1/objects/%", "/v1/objects/a%2",
        "/v1/objects/a%zz", "/v1/objects/a%u0041", "/v1/objects/%FF", "/v1/objects/%C3", "/v1/objects/%C0%AF",
        "/v1/objects/%ED%A0%80", "/v1/objects/%E2%28%A1", "/v1/objects/a\u00ffb"})
    void shouldRefuseABadKeyBeforeAnythingElse(String target) throws Exception {
        for (String method : new String[]{"GET", "PUT", "DELETE"}) {
            String answer = RawHttp.ask(http.gateway.port(), method, target);

            assertThat(answer).as(method).startsWith("HTTP/1.1 400").contains("application/problem+json",
                    "\"code\":\"INVALID_KEY\"", "X-Content-Type-Options: nosniff");
        }
        assertThat(http.shard.puts).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1024, 404", "1025, 400", "3000, 400", "65536, 400"})
    void shouldBoundTheLengthOfAKey(int length, int status) throws Exception {
        String answer = RawHttp.ask(http.gateway.port(), "GET", "/v1/objects/" + "k".repeat(length));

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer).contains(status == 400 ? "INVALID_KEY" : "NOT_FOUND");
    }

    @Test
    void shouldTakeTheLongestKeyWithEveryByteEscaped() throws Exception {
        assertThat(RawHttp.ask(http.gateway.port(), "PUT", "/v1/objects/" + "%6B".repeat(1024)))
                .startsWith("HTTP/1.1 201");
        assertThat(http.shard.bytes("k".repeat(1024))).isNotNull();
    }

    @Test
    void shouldNotTakeAFragmentForTheEndOfAKey() throws Exception {
        http.shard.store("a", new byte[1], "", 0);

        assertThat(RawHttp.ask(http.gateway.port(), "GET", "/v1/objects/a#b")).startsWith("HTTP/1.1 400");
        assertThat(RawHttp.ask(http.gateway.port(), "GET", "/v1/objects/a?b")).startsWith("HTTP/1.1 400");
    }

    private static String withoutDate(String head) {
        return head.replaceAll("Date: [^\r]*\r\n", "");
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
