package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RangesSystemTest extends GatewayCase {
    /** Sun, 06 Nov 1994 08:49:37 GMT, and a part of a second that no field can tell. */
    private static final long MODIFIED_MS = 784_111_777_250L;
    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    @BeforeEach
    void storeObjects() {
        http.shard.store("k", "0123456789".getBytes(StandardCharsets.US_ASCII), "text/plain", MODIFIED_MS);
        http.shard.store("empty", new byte[0], "text/plain", MODIFIED_MS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bytes=0-3 | 0-3 | 0123", "bytes=0-0 | 0-0 | 0", "bytes=9-9 | 9-9 | 9",
        "bytes=4- | 4-9 | 456789", "bytes=4-9999 | 4-9 | 456789", "bytes=-3 | 7-9 | 789",
        "bytes=-99 | 0-9 | 0123456789",
        "bytes=0- | 0-9 | 0123456789", "BYTES=1-2 | 1-2 | 12", "bytes= 1-2 , | 1-2 | 12", "bytes=007-008 | 7-8 | 78",
        "bytes=5-99999999999999999999999999 | 5-9 | 56789", "bytes=8-9,20-30 | 8-9 | 89",
        "bytes=-99999999999999999999999999 | 0-9 | 0123456789"})
    void shouldServeOneRange(String range, String served, String body) throws Exception {
        String answer = ask("GET", "k", "Range: " + range);

        assertThat(answer).startsWith("HTTP/1.1 206 ").contains("\r\nContent-Range: bytes " + served + "/10\r\n",
                "\r\nContent-Length: " + body.length() + "\r\n", "\r\nContent-Type: text/plain\r\n",
                "\r\nAccept-Ranges: bytes\r\n", "\r\nETag: \"").endsWith("\r\n\r\n" + body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=abc", "bytes=5-2", "bytes=", "bytes=,", "bytes=-", "bytes", "items=0-3",
        "bytes=1-2-3",
        "bytes=0-3;4-5", "bytes=0-1,x", "bytes=--1", "bytes=+1-2", "bytes=0-5,3-8", "bytes=-5,0-8", "bytes=1 -2"})
    void shouldServeTheWholeWhereNoRangeIsUnderstoodOrTheyOverlap(String range) throws Exception {
        String answer = ask("GET", "k", "Range: " + range);

        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("Content-Range").endsWith("\r\n\r\n0123456789");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"k | bytes=10- | 10", "k | bytes=10-20 | 10", "k | bytes=-0 | 10",
        "k | bytes=99-,-0 | 10", "empty | bytes=0- | 0", "empty | bytes=-5 | 0", "empty | bytes=0-0 | 0"})
    void shouldRefuseWhatNoByteSatisfies(String key, String range, int length) throws Exception {
        String answer = ask("GET", key, "Range: " + range);

        assertThat(answer).startsWith("HTTP/1.1 416 ").contains("\r\nContent-Range: bytes */" + length + "\r\n",
                "\r\nContent-Type: application/problem+json\r\n", "\"code\":\"INVALID_ARGUMENT\"");
    }

    @Test
    void shouldServeSeveralRangesAsParts() throws Exception {
        HttpResponse<String> response = http.send("GET", "/v1/objects/k", "Range", "bytes=8-9, 0-1, 2-3, -1, 50-60");

        assertThat(response.statusCode()).isEqualTo(200);

        response = http.send("GET", "/v1/objects/k", "Range", "bytes=8-8, 0-1, 2-3, -1, 50-60");

        assertThat(response.statusCode()).isEqualTo(206);
        String type = response.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        assertThat(response.body()).isEqualTo(partOf(boundary, "8-8", "8") + partOf(boundary, "0-1", "01")
                + partOf(boundary, "2-3", "23") + partOf(boundary, "9-9", "9") + "\r\n--" + boundary + "--\r\n");
        assertThat(response.headers().firstValue("Content-Length")).contains("" + response.body().length());
    }

    private static String partOf(String boundary, String range, String bytes) {
        return "\r\n--" + boundary + "\r\nContent-Type: text/plain\r\nContent-Range: bytes " + range + "/10\r\n\r\n"
                + bytes;
    }

    @Test
    void shouldServeSixteenRangesAndNoMore() throws Exception {
        http.shard.store("long", new byte[100], "", 0);
        String sixteen = ranges(16);

        assertThat(ask("GET", "long", "Range: bytes=" + sixteen)).startsWith("HTTP/1.1 206 ");
        assertThat(ask("GET", "long", "Range: bytes=" + ranges(17))).startsWith("HTTP/1.1 200 ");
    }

    private static String ranges(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(2 * i).append('-').append(2 * i);
        }
        return text.toString();
    }

    @Test
    void shouldServeALargeRangeExactly() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(7).nextBytes(bytes);
        http.shard.store("large", bytes, "", 0);

        String answer = ask("GET", "large", "Range: bytes=123457-2890123");

        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).isEqualTo(new String(bytes, 123_457, 2_890_124 - 123_457, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldIgnoreRangesOfAHead() throws Exception {
        assertThat(ask("HEAD", "k", "Range: bytes=0-3")).startsWith("HTTP/1.1 200 ").contains("Content-Length: 10\r\n",
                "Accept-Ranges: bytes\r\n").doesNotContain("Content-Range");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"If-Match: * | 200", "If-Match: E | 200", "If-Match: \"x\", E | 200",
        "If-Match: \"x\" | 412", "If-Match: W/E | 412", "If-Match: \"x,y\" | 412", "If-None-Match: * | 304",
        "If-None-Match: E | 304", "If-None-Match: W/E | 304", "If-None-Match: \"x\" , W/\"y\",E | 304",
        "If-None-Match: \"x\" | 200", "If-None-Match: x | 200", "If-Modified-Since: M | 304",
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT | 200", "If-Modified-Since: yesterday | 200",
        "If-Unmodified-Since: M | 200", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | 412",
        "If-Unmodified-Since: never | 200"})
    void shouldJudgeConditionsOfGetAndHead(String condition, int status) throws Exception {
        String field = condition.replace("E", etag()).replace("M:", "\u0001").replaceAll("M$", MODIFIED)
                .replace("\u0001", "M:");

        for (String method : new String[]{"GET", "HEAD"}) {
            String answer = ask(method, "k", field);

            assertThat(answer).as(method).startsWith("HTTP/1.1 " + status + ' ');
            assertThat(answer.endsWith("0123456789")).as(method).isEqualTo(status == 200 && method.equals("GET"));
            if (status == 304) {
                assertThat(answer).contains("\r\nETag: " + etag() + "\r\n", "\r\nCache-Status: tiercel; hit\r\n",
                        "\r\nLast-Modified: " + MODIFIED + "\r\n").endsWith("\r\n\r\n");
            }
        }
    }

    @Test
    void shouldLetTagsOutrankTimes() throws Exception {
        assertThat(ask("GET", "k", "If-None-Match: \"x\"", "If-Modified-Since: " + MODIFIED)).startsWith(
                "HTTP/1.1 200");
        assertThat(ask("GET", "k", "If-Match: " + etag(), "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT"))
                .startsWith("HTTP/1.1 200");
        assertThat(ask("GET", "k", "If-None-Match: " + etag(), "Range: bytes=0-3")).startsWith("HTTP/1.1 304");
        assertThat(ask("GET", "k", "If-Match: \"x\"", "Range: bytes=0-3")).startsWith("HTTP/1.1 412");
        assertThat(ask("GET", "k", "If-Match: \"x\"", "Range: bytes=50-")).startsWith("HTTP/1.1 412");
    }

    @Test
    void shouldServeRangesOnlyOfTheVersionThatIfRangeNames() throws Exception {
        String[][] cases = {{etag(), "206"}, {"\"x\"", "200"}, {"W/" + etag(), "200"}, {MODIFIED, "206"},
            {"Sun, 06 Nov 1994 08:49:38 GMT", "200"}, {"Sun, 06 Nov 1994 08:49:36 GMT", "200"}, {"x", "200"}};

        for (String[] each : cases) {
            assertThat(ask("GET", "k", "Range: bytes=2-3", "If-Range: " + each[0])).as(each[0]).startsWith(
                    "HTTP/1.1 " + each[1]).endsWith(each[1].equals("206") ? "\r\n\r\n23" : "\r\n\r\n0123456789");
        }
        assertThat(ask("GET", "k", "Range: bytes=90-99", "If-Range: \"x\"")).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldTakeNoDateForAValidatorWhileTheObjectIsYoung() throws Exception {
        long nowMs = System.currentTimeMillis() + 3_600_000;
        http.shard.store("young", "0123".getBytes(StandardCharsets.US_ASCII), "", nowMs);
        String modified = field(ask("HEAD", "young"), "Last-Modified");

        String answer = ask("GET", "young", "Range: bytes=0-0", "If-Range: " + modified);

        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldGiveBackEveryPartAndCloseEveryReader() throws Exception {
        for (String range : Collections.nCopies(5, "Range: bytes=0-1,4-5")) {
            ask("GET", "k", range);
            ask("GET", "k", range, "If-None-Match: *");
            ask("GET", "k", "Range: bytes=77-");
        }

        http.gateway.close();

        assertThat(http.shard.pinCount).hasValue(0);
        assertThat(http.shard.closedReaders).hasValue(15);
    }

    private String etag() throws IOException {
        return field(ask("HEAD", "k"), "ETag");
    }

    private static String field(String answer, String name) {
        int from = answer.indexOf("\r\n" + name + ": ") + name.length() + 4;
        return answer.substring(from, answer.indexOf("\r\n", from));
    }

    private String ask(String method, String key, String... fields) throws IOException {
        return RawHttp.ask(http.gateway.port(), method, "/v1/objects/" + key, fields);
    }
}
