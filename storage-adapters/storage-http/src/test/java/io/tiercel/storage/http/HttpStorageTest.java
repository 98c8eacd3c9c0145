package io.tiercel.storage.http;

import static io.tiercel.storage.http.WebServer.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.fault.Fault;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The habits of web servers, each request counted. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpStorageTest {
    private static final StorePath PATH = StorePath.of("object");

    private final SharedClients clients = new SharedClients(10);
    private WebServer server;
    private FaultProxy proxy;
    private HttpStorage store;

    @BeforeEach
    void start() throws IOException {
        server = new WebServer();
        proxy = FaultProxy.http(server.port());
        store = open("?allowPrivate=true");
        server.put("object", utf8("0123456789"));
    }

    @AfterEach
    void stop() {
        store.close();
        clients.close();
        proxy.close();
        server.close();
    }

    private HttpStorage open(String more) {
        return HttpStorage.open(URI.create("http://127.0.0.1:" + proxy.port() + more), clients);
    }

    private String read(StorePath path, ReadOptions options) {
        try (ObjectRead read = store.open(path, options)) {
            return rest(read);
        }
    }

    private static String rest(ObjectRead read) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer target = ByteBuffer.allocate(7);
        while (read.read(target) >= 0) {
            out.write(target.array(), 0, target.position());
            target.clear();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static StorageException fails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure;
    }

    @Test
    void shouldUseOneRequestACallAndOneConnectionForAll() {
        for (int i = 0; i < 5; i++) {
            assertThat(read(PATH, ReadOptions.WHOLE)).isEqualTo("0123456789");
            assertThat(read(PATH, ReadOptions.WHOLE.range(3, 4))).isEqualTo("3456");
            assertThat(store.info(PATH).length()).isEqualTo(10);
        }

        assertThat(proxy.requestCount()).isEqualTo(15);
        assertThat(proxy.connectionCount()).isEqualTo(1);
    }

    @Test
    void shouldAskTheServerNothingWhenOpenedAndRecoverWhenItComesUp() {
        proxy.refuse();
        try (HttpStorage early = open("?allowPrivate=true")) {
            fails(Kind.UNAVAILABLE, () -> early.info(PATH));
            fails(Kind.UNAVAILABLE, early::ping);

            proxy.pass();

            assertThat(early.info(PATH).length()).isEqualTo(10);
            early.ping();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 501, 403})
    void shouldLookByAGetOfOneByteWhereHeadIsRefused(int status) {
        server.headStatus = status;
        server.put("empty", new byte[0]);

        ObjectInfo info = store.info(PATH);

        assertThat(info.length()).isEqualTo(10);
        assertThat(info.etag()).isEqualTo("\"v1\"");
        assertThat(store.info(StorePath.of("empty")).length()).isZero();
        fails(Kind.NOT_FOUND, () -> store.info(StorePath.of("missing")));
        assertThat(proxy.requests()).as("HEAD is tried once").containsExactly("HEAD /object", "GET /object",
                "GET /empty", "GET /missing");
    }

    @Test
    void shouldLookWithoutReadingWhereHeadIsRefusedAndRangesAreIgnored() {
        server.headStatus = 405;
        server.hasRanges = false;
        server.putZeros("large", 1L << 40);

        assertThat(store.info(StorePath.of("large")).length()).isEqualTo(1L << 40);
    }

    @Test
    void shouldFollowRedirectsUpToTheirBound() {
        for (int i = 0; i < 6; i++) {
            server.redirect("hop" + i, i == 0 ? "/object" : "http://localhost:" + proxy.port() + "/hop" + (i - 1));
        }

        assertThat(read(StorePath.of("hop4"), ReadOptions.WHOLE)).isEqualTo("0123456789");
        assertThat(proxy.requestCount()).isEqualTo(6);
        StorageException failure = fails(Kind.UNAVAILABLE, () -> store.info(StorePath.of("hop5")));
        assertThat(failure).hasMessageContaining("redirects more than 5 times");
        try (HttpStorage strict = open("?allowPrivate=true&maxRedirects=0")) {
            fails(Kind.UNAVAILABLE, () -> strict.info(StorePath.of("hop0")));
            assertThat(strict.info(PATH).length()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.org/x", "file:///etc/passwd", "gopher://x", "http://", "http://user:pw@h/",
        "//", "/with blank", "http://[::bad]/"})
    void shouldNotFollowRedirectsOutOfHttp(String location) {
        server.redirect("away", location);

        fails(Kind.UNAVAILABLE, () -> store.open(StorePath.of("away")));
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433",
        "10.0.0.1",
        "169.254.169.254", "[fd00:ec2::254]", "100.64.0.1"})
    void shouldRefusePrivateAddressesUnlessAllowed(String host) {
        try (HttpStorage careful = HttpStorage.open(URI.create("http://" + host + ":" + proxy.port()), clients)) {
            StorageException failure = fails(Kind.PERMISSION_DENIED, () -> careful.open(PATH));
            assertThat(failure).hasMessageContaining("allowPrivate");
        }
        assertThat(proxy.connectionCount()).isZero();
    }

    @Test
    void shouldTakeWeakEtagsForNone() {
        server.moreHeaders = Map.of("ETag", "W/\"v1\"");

        assertThat(store.info(PATH).etag()).isNull();
        fails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, ReadOptions.WHOLE.ifMatch("\"v1\"")));
        fails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, ReadOptions.WHOLE.ifMatch("W/\"v1\"")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadOnlyTheVersionAskedForWhateverTheServerKnowsOfConditions(boolean conditions) {
        server.hasConditions = conditions;
        ReadOptions old = ReadOptions.WHOLE.ifMatch("\"v1\"");

        assertThat(read(PATH, old)).isEqualTo("0123456789");
        assertThat(read(PATH, old.range(8, 9))).isEqualTo("89");
        server.put("object", utf8("9876543210"));
        fails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, old));
        fails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, old.range(2, 3)));
        fails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, old.range(20, 3)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendNoBytesOfTheVersionThatTheCallerHas(boolean conditions) {
        server.hasConditions = conditions;
        server.moreHeaders = Map.of("Cache-Control", "max-age=60");
        String etag = String.valueOf(store.info(PATH).etag());

        for (int i = 0; i < 3; i++) {
            try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.ifNoneMatch(etag))) {
                assertThat(read.isUnchanged()).isEqualTo(conditions);
                assertThat(read.info().etag()).isEqualTo(etag);
                assertThat(read.info().cacheRules()).isEqualTo(new CacheRules(60_000, true));
                assertThat(rest(read)).isEqualTo(conditions ? "" : "0123456789");
            }
        }

        assertThat(proxy.requestCount()).isEqualTo(4);
        assertThat(proxy.connectionCount()).isEqualTo(1);
    }

    @Test
    void shouldTellHowLongAnAnswerHolds() {
        server.moreHeaders = Map.of("Cache-Control", "public, max-age=100, s-maxage=40", "Age", "15");
        CacheRules shared = new CacheRules(25_000, true);
        assertThat(store.info(PATH).cacheRules()).isEqualTo(shared);
        try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.range(2, 3))) {
            assertThat(read.info().cacheRules()).isEqualTo(shared);
        }

        server.moreHeaders = Map.of("Cache-Control", "no-store");
        assertThat(store.info(PATH).cacheRules().mayStore()).isFalse();

        server.moreHeaders = Map.of("Expires", "0");
        assertThat(store.info(PATH).cacheRules()).isEqualTo(new CacheRules(0, true));

        server.moreHeaders = Map.of();
        assertThat(store.info(PATH).cacheRules()).isEqualTo(CacheRules.NONE);
    }

    @Test
    void shouldRefuseEncodedBodies() {
        server.moreHeaders = Map.of("Content-Encoding", "gzip");

        assertThat(fails(Kind.UNAVAILABLE, () -> store.open(PATH))).hasMessageContaining("encodes");
        fails(Kind.UNAVAILABLE, () -> store.info(PATH));
    }

    @Test
    void shouldReadWhatHasNoLengthUpToItsLastChunk() {
        server.isChunked = true;

        assertThat(store.info(PATH).length()).isEqualTo(ObjectInfo.UNKNOWN_LENGTH);
        try (ObjectRead read = store.open(PATH)) {
            assertThat(read.length()).isEqualTo(ObjectInfo.UNKNOWN_LENGTH);
            assertThat(rest(read)).isEqualTo("0123456789");
        }
        assertThat(read(PATH, ReadOptions.WHOLE.range(4, 3))).isEqualTo("456");
        server.hasRanges = false;
        assertThat(read(PATH, ReadOptions.WHOLE.range(4, 3))).isEqualTo("456");
        assertThat(read(PATH, ReadOptions.WHOLE.range(4, -1))).isEqualTo("456789");
        assertThat(read(PATH, ReadOptions.WHOLE.range(40, 3))).isEmpty();
    }

    @Test
    void shouldRefuseABodyWhoseEndNobodyCanTell() {
        proxy.fail(Fault.header("Content-Length", null));

        assertThat(fails(Kind.UNAVAILABLE, () -> store.open(PATH))).hasMessageContaining("neither the length");
    }

    @Test
    void shouldFindARangeInAWholeAnswerNearItsBegin() {
        server.hasRanges = false;
        server.putZeros("large", Reader.MAX_SKIPPED + 100);
        StorePath large = StorePath.of("large");

        assertThat(read(PATH, ReadOptions.WHOLE.range(3, 4))).isEqualTo("3456");
        assertThat(read(PATH, ReadOptions.WHOLE.range(8, 40))).isEqualTo("89");
        assertThat(read(PATH, ReadOptions.WHOLE.range(30, 4))).isEmpty();
        assertThat(read(large, ReadOptions.WHOLE.range(Reader.MAX_SKIPPED, 10))).hasSize(10);
        StorageException failure = fails(Kind.CAPABILITY_NOT_SUPPORTED,
                () -> store.open(large, ReadOptions.WHOLE.range(Reader.MAX_SKIPPED + 1, 10)));
        assertThat(failure.store()).isEqualTo(store.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 1-4/10", "bytes 0-3/10", "bytes 2-5/4", "bytes 2-4/10", "bytes 2-6/10", "bytes */10",
        "nonsense", "items 2-5/10", "bytes 5-2/10"})
    void shouldRefuseAnotherRangeThanItAskedFor(String wrong) {
        server.contentRange = right -> wrong;

        fails(Kind.UNAVAILABLE, () -> store.open(PATH, ReadOptions.WHOLE.range(2, 4)));
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"234 bytes 2-4/10", "23456789 bytes 2-9/10", "234 bytes 2-4/*", "01234 bytes 0-4/10"})
    void shouldRefuseAWholeAnswerWithAnotherRange(String bodyAndRange) {
        String[] parts = bodyAndRange.split(" ", 2);
        proxy.fail(Fault.answer(206, parts[0], "Content-Range: " + parts[1]));

        fails(Kind.UNAVAILABLE, () -> store.open(PATH, ReadOptions.WHOLE.range(2, 4)));
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @Test
    void shouldTakeARangeOfAnObjectWhoseLengthTheServerKeepsToItself() {
        server.contentRange = right -> "bytes 2-5/*";

        try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.range(2, 4))) {
            assertThat(read.info().length()).isEqualTo(ObjectInfo.UNKNOWN_LENGTH);
            assertThat(rest(read)).isEqualTo("2345");
        }
    }

    @Test
    void shouldEncodeEachSegment() {
        server.put("a b/100%/\u00e4?#;&+", utf8("x"));

        assertThat(read(StorePath.of("a b/100%/\u00e4?#;&+"), ReadOptions.WHOLE)).isEqualTo("x");
        assertThat(proxy.requests()).containsExactly("GET /a%20b/100%25/%C3%A4%3F%23%3B%26%2B");
    }

    @Test
    void shouldTellAFolderByTheSlashThatTheServerPutsBehind() {
        server.put("folder/object", utf8("x"));

        assertThat(store.info(StorePath.of("folder")).isFolder()).isTrue();
        fails(Kind.INVALID_PATH, () -> store.open(StorePath.of("folder")));
        fails(Kind.INVALID_PATH, () -> store.open(StorePath.of("folder"), ReadOptions.WHOLE.range(0, 0)));
    }

    @Test
    void shouldPingTheProbeOrElseTheFolder() {
        store.ping();
        assertThat(proxy.requests()).containsExactly("HEAD /");

        proxy.fail(Fault.status(401), Fault.status(403), Fault.status(404), Fault.status(405), Fault.status(503),
                Fault.none());
        fails(Kind.PERMISSION_DENIED, store::ping);
        store.ping();
        fails(Kind.NOT_FOUND, store::ping);
        store.ping();
        fails(Kind.UNAVAILABLE, store::ping);
        try (HttpStorage probed = open("?allowPrivate=true&probe=object");
                HttpStorage wrong = open("?allowPrivate=true&probe=missing")) {
            probed.ping();
            fails(Kind.NOT_FOUND, wrong::ping);
            proxy.fail(Fault.status(403));
            fails(Kind.PERMISSION_DENIED, probed::ping);
        }
    }

    @Test
    void shouldBeUnavailableOnceClosedAheadOfEverything() {
        try (ObjectRead read = store.open(PATH)) {
            store.close();
            store.close();

            fails(Kind.UNAVAILABLE, () -> read.read(ByteBuffer.allocate(4)));
        }
        fails(Kind.UNAVAILABLE, () -> store.open(StorePath.ROOT));
        fails(Kind.UNAVAILABLE, () -> store.info(PATH));
        fails(Kind.UNAVAILABLE, () -> store.delete(PATH, true));
        fails(Kind.UNAVAILABLE, () -> store.list(PATH, ListOptions.DIRECT));
        fails(Kind.UNAVAILABLE, store::ping);
    }

    @Test
    void shouldEndACallAtAnInterruptAndKeepIt() {
        Thread.currentThread().interrupt();
        try {
            assertThat(fails(Kind.UNAVAILABLE, () -> store.info(PATH))).hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        }
        assertThat(store.info(PATH).length()).isEqualTo(10);
    }

    @Test
    void shouldCloseItsConnectionsWithTheLastStore() {
        assertThat(store.info(PATH).length()).isEqualTo(10);
        store.close();
        clients.closeIdle();
        assertThat(clients.size()).isZero();

        store = open("?allowPrivate=true");
        assertThat(store.info(PATH).length()).isEqualTo(10);
        assertThat(proxy.connectionCount()).isEqualTo(2);
    }
}
