package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiercel.Key;
import io.tiercel.load.ListedEntry;
import io.tiercel.shard.MoveRequest;
import io.tiercel.shard.Served;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings, moves and copies over HTTP. */
@Timeout(120)
class ListingsSystemTest extends GatewayCase {
    @Test
    void shouldSendALineAnEntry() throws Exception {
        http.shard.listed.add(new ListedEntry("a/ä\"", false, 3, "\"e\"", 1_000));
        http.shard.listed.add(new ListedEntry("a/b", true, 0, "", 0));

        HttpResponse<String> answer = http.send("GET", "/v1/list?prefix=a&recursive=true");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(answer.headers().firstValue("Cache-Status")).contains("tiercel; hit");
        assertThat(answer.body()).isEqualTo("""
                {"path":"a/ä\\"","type":"file","length":3,"etag":"\\"e\\"","lastModified":"1970-01-01T00:00:01Z"}
                {"path":"a/b","type":"folder","length":0,"etag":null,"lastModified":null}
                """);
        await().untilAsserted(() -> assertThat(http.shard.closedListings).hasValue(1));
    }

    @Test
    void shouldAskForWhatTheQuerySays() throws Exception {
        http.shard.served = Served.LOADED;
        assertThat(http.send("GET", "/v1/list").headers().firstValue("Cache-Status")).contains(
                "tiercel; fwd=miss; stored");
        http.send("GET", "/v1/list?prefix=%2F&depth=2");
        http.send("GET", "/v1/list?prefix=a%2Fb&glob=**/*.x");
        http.send("GET", "/v1/list?recursive=true&depth=0");

        assertThat(http.shard.queries).extracting(Object::toString).containsExactly("'' depth=0", "'' depth=2",
                "'a/b' depth=2147483647 glob=**/*.x", "'' depth=0");
    }

    @Test
    void shouldRefuseWhatIsNoListing() throws Exception {
        assertThat(http.send("GET", "/v1/list?depth=-1").statusCode()).isEqualTo(400);
        assertThat(http.send("GET", "/v1/list?depth=x").statusCode()).isEqualTo(400);
        assertThat(http.send("GET", "/v1/list?glob=a**").statusCode()).isEqualTo(400);
        assertThat(http.send("GET", "/v1/list?prefix=..").statusCode()).isEqualTo(400);
        assertThat(http.send("GET", "/v1/list?limit=3").statusCode()).isEqualTo(400);
        assertThat(http.send("POST", "/v1/list").statusCode()).isEqualTo(405);
        http.shard.failingPage = 0;
        HttpResponse<String> failed = http.send("GET", "/v1/list");
        assertThat(failed.statusCode()).isEqualTo(502);
        assertThat(failed.body()).contains("\"code\":\"STORE_UNAVAILABLE\"");
    }

    @Test
    void shouldEndAListingThatFailsMidwayWithTheErrorAndABrokenConnection() throws Exception {
        http.shard.listed.add(new ListedEntry("a", false, 3, "", 0));
        http.shard.failingPage = 1;

        String answer = RawHttp.ask(http.gateway.port(), "GET", "/v1/list");

        assertThat(answer).startsWith("HTTP/1.1 200").contains("{\"path\":\"a\"").contains(
                "\"code\":\"STORE_UNAVAILABLE\"");
        assertThat(answer.substring(answer.lastIndexOf("{\"error\":"))).contains("gone on the way");
        assertThat(answer).as("no last chunk").doesNotEndWith("0\r\n\r\n");
        await().untilAsserted(() -> assertThat(http.shard.closedListings).hasValue(1));
    }

    @Test
    void shouldAskForNoPageThatTheNetworkHasNoRoomFor() throws Exception {
        // Together far more than the buffers of both sides of a connection.
        String path = "a".repeat(512 * 1024);
        for (int i = 0; i < 200; i++) {
            http.shard.listed.add(new ListedEntry(path, false, i, "", 0));
        }
        try (RawHttp slow = new RawHttp(http.gateway.port(), 4096)) {
            slow.send("GET /v1/list HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(slow.readHead()).startsWith("HTTP/1.1 200");

            int asked = settled();

            assertThat(asked).isLessThan(150);
            slow.reset();
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(http.shard.closedListings).hasValue(1));
    }

    /** Pages asked for once no more are. */
    private int settled() {
        int[] last = {-1};
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
            int now = http.shard.pagesAsked.get();
            boolean isSettled = now == last[0] && now > 0;
            last[0] = now;
            return isSettled;
        });
        return last[0];
    }

    @Test
    void shouldMoveAndCopy() throws Exception {
        http.shard.store("a", "one".getBytes(StandardCharsets.UTF_8), "text/plain", 0);

        HttpResponse<String> copied = http.send("POST", "/v1/copy?from=a&to=b%2Fc");
        HttpResponse<String> refused = http.send("POST", "/v1/move?from=a&to=b%2Fc");
        HttpResponse<String> moved = http.send("POST", "/v1/move?from=a&to=b%2Fc&overwrite=true");

        assertThat(copied.statusCode()).isEqualTo(201);
        assertThat(copied.headers().firstValue("ETag")).isPresent();
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("ALREADY_EXISTS");
        assertThat(moved.statusCode()).isEqualTo(204);
        assertThat(http.shard.moves).extracting(MoveRequest::keepsSource).containsExactly(true, false, false);
        assertThat(http.shard.moves.get(0).to()).isEqualTo(Key.of("b/c"));
        assertThat(http.send("GET", "/v1/objects/a").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldRefuseMovesThatLackAKey() throws Exception {
        assertThat(http.send("POST", "/v1/move?from=a").statusCode()).isEqualTo(400);
        assertThat(http.send("POST", "/v1/copy?from=a&to=..").statusCode()).isEqualTo(400);
        assertThat(http.send("POST", "/v1/copy?from=a&to=b&overwrite=yes").statusCode()).isEqualTo(400);
        assertThat(http.send("POST", "/v1/move?from=a&to=b").statusCode()).isEqualTo(404);
        assertThat(http.send("GET", "/v1/move?from=a&to=b").statusCode()).isEqualTo(405);
    }
}
