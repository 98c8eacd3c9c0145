package io.tiercel.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.ListEntry;
import io.tiercel.client.Listing;
import io.tiercel.client.PutOptions;
import io.tiercel.client.Stat;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node as people start it, before stores of other kinds than files: what needs nothing installed. */
@Timeout(300)
class StoresSystemTest {
    private static final String PASSWORD = "kestrel-of-the-north";
    private static final String WRONG_PASSWORD = "kestrel-of-the-south";
    private static final long REQUEST_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(120);

    @TempDir
    static Path temp;

    private static HttpServer web;
    private static String site;
    private static Distribution distribution;
    private static Distribution.Served node;

    private TiercelClient client;

    @BeforeAll
    static void serve() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash, as the launcher does");
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", StoresSystemTest::answer);
        web.start();
        Path password = Files.writeString(temp.resolve("password"), PASSWORD + "\n");
        Path wrong = Files.writeString(temp.resolve("wrong"), WRONG_PASSWORD + "\n");
        String table = "jdbc:h2:file:" + temp.resolve("database") + "?table=blobs&user=tiercel&passwordFile=";
        site = "http://127.0.0.1:" + web.getAddress().getPort() + "/site";
        distribution = Distribution.in(temp.resolve("distribution"));
        node = distribution.serve(temp.resolve("node"), List.of("--mount", "table=" + table + password,
                "--mount", "strange=" + table + wrong, "--mount", "web=" + site + "?allowPrivate=true&probe=page",
                "--mount",
                "down=http://127.0.0.1:1/?allowPrivate=true"), Map.of());
        assertThat(node.firstLine()).as(node.log()).startsWith("ready ");
    }

    @BeforeEach
    void connect() {
        client = TiercelClient.connect(
                new TiercelClient.Context().nodeDir(temp.resolve("node")).requestTimeoutNs(REQUEST_TIMEOUT_NS));
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/site/page")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] bytes = utf8("a page");
            exchange.getResponseHeaders().set("ETag", "\"page-1\"");
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (isHead) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            }
            exchange.sendResponseHeaders(200, isHead ? -1 : bytes.length);
            if (!isHead) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (node != null) {
            node.stop();
            node.close();
        }
        if (web != null) {
            web.stop(0);
        }
    }

    @Test
    void shouldKeepObjectsInATable() {
        client.put(Key.of("table/a/one"), ByteBuffer.wrap(utf8("first")), PutOptions.DEFAULTS.contentType("text/x"));
        client.put(Key.of("table/a/two"), ByteBuffer.wrap(utf8("second")), PutOptions.DEFAULTS);
        client.invalidateAll();

        assertThat(text("table/a/one")).isEqualTo("first");
        Stat stat = requireNonNull(client.stat(Key.of("table/a/two")));
        assertThat(stat.length()).isEqualTo(6);
        assertThat(stat.etag()).startsWith("\"");
        assertThat(list("table/a")).containsExactlyInAnyOrder("table/a/one", "table/a/two");
        assertThat(client.delete(Key.of("table/a/one"))).isTrue();
        assertThat(client.get(Key.of("table/a/one"))).isNull();
        assertThat(client.deleteRecursively(Key.of("table/a"))).isTrue();
        assertThat(client.stat(Key.of("table/a/two"))).isNull();
    }

    @Test
    void shouldReadASite() {
        assertThat(text("web/page")).isEqualTo("a page");
        Stat stat = requireNonNull(client.stat(Key.of("web/page")));

        assertThat(stat.etag()).isEqualTo("\"page-1\"");
        assertThat(stat.contentType()).isEqualTo("text/plain");
        assertThat(client.get(Key.of("web/none"))).isNull();
        assertThat(client.stat(Key.of("web/none"))).isNull();
    }

    @Test
    void shouldSayWhatASiteCannot() {
        ByteBuffer bytes = ByteBuffer.wrap(utf8("x"));

        assertFails(ErrorCode.NOT_SUPPORTED, "web/page", () -> client.put(Key.of("web/page"), bytes,
                PutOptions.DEFAULTS));
        assertFails(ErrorCode.NOT_SUPPORTED, "web/page", () -> client.delete(Key.of("web/page")));
        assertFails(ErrorCode.NOT_SUPPORTED, "", () -> list("web"));
    }

    @Test
    void shouldSayWhyAStoreRefuses() {
        client.put(Key.of("table/known"), ByteBuffer.wrap(utf8("x")), PutOptions.DEFAULTS);

        assertFails(ErrorCode.STORE_REFUSED, "a", () -> client.get(Key.of("strange/a")));
        assertFails(ErrorCode.STORE_REFUSED, "", () -> list("strange"));
    }

    @Test
    void shouldNotStartBeforeASiteThatItMayNotRead() throws IOException, InterruptedException {
        try (Distribution.Served careful = distribution.serve(temp.resolve("careful"), List.of("--mount",
                "web=" + site), Map.of())) {
            assertThat(careful.firstLine()).isNull();
            assertThat(careful.awaitEnd()).isEqualTo(2);
            assertThat(careful.log()).contains("mount='web'", site, "allowPrivate=true").doesNotContain("Exception");
        }
    }

    @Test
    void shouldSayThatAStoreIsDown() {
        assertFails(ErrorCode.STORE_UNAVAILABLE, "a", () -> client.get(Key.of("down/a")));
        assertFails(ErrorCode.STORE_UNAVAILABLE, "a", () -> client.stat(Key.of("down/a")));
    }

    @Test
    void shouldShowNoPassword() throws IOException {
        client.put(Key.of("table/shown"), ByteBuffer.wrap(utf8("x")), PutOptions.DEFAULTS);
        assertFails(ErrorCode.STORE_REFUSED, "shown", () -> client.get(Key.of("strange/shown")));

        assertThat(client.status()).contains("jdbc:h2:file:").contains("/site").doesNotContain(PASSWORD,
                WRONG_PASSWORD);
        assertThat(node.log()).doesNotContain(PASSWORD, WRONG_PASSWORD);
    }

    private static void assertFails(ErrorCode code, String words, ThrowingCallable call) {
        TiercelException failure = catchThrowableOfType(TiercelException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        assertThat(failure).hasMessageContaining(words).hasMessageNotContaining(PASSWORD)
                .hasMessageNotContaining(WRONG_PASSWORD).hasMessageNotContaining("Exception");
    }

    private String text(String key) {
        try (Frame frame = requireNonNull(client.get(Key.of(key)), key)) {
            return StandardCharsets.UTF_8.decode(frame.byteBuffer()).toString();
        }
    }

    private List<String> list(String folder) {
        List<String> paths = new ArrayList<>();
        try (Listing listing = client.list(folder, true)) {
            listing.forEachRemaining((ListEntry entry) -> paths.add(entry.path()));
        }
        return paths;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
