package io.tiercel.storage.http;

import static io.tiercel.storage.http.WebServer.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.fault.Fault;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What networks and broken servers do to a call: its outcome has a type, and it was tried once. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpFaultSystemTest {
    private static final StorePath PATH = StorePath.of("object");
    private static final int LENGTH = 200_000;
    /** Long enough for a loaded machine to answer, short enough to wait for. */
    private static final int TIMEOUT_MS = 2_000;

    private final SharedClients clients = new SharedClients(10);
    private WebServer server;
    private FaultProxy proxy;
    private HttpStorage store;

    @BeforeEach
    void start() throws IOException {
        server = new WebServer();
        server.putZeros("object", LENGTH);
        proxy = FaultProxy.http(server.port());
        store = open(60_000);
    }

    @AfterEach
    void stop() {
        store.close();
        clients.close();
        proxy.close();
        server.close();
    }

    private HttpStorage open(int timeoutMs) {
        return HttpStorage.open(
                URI.create("http://127.0.0.1:" + proxy.port() + "?allowPrivate=true&timeoutMs=" + timeoutMs), clients);
    }

    /** Reads to the end; gives how many bytes came before the failure, if one came. */
    private long readAll(ReadOptions options) {
        long count = 0;
        try (ObjectRead read = store.open(PATH, options)) {
            ByteBuffer target = ByteBuffer.allocate(4096);
            for (int more = read.read(target); more >= 0; more = read.read(target.clear())) {
                count += more;
            }
        }
        return count;
    }

    private static StorageException fails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure;
    }

    static List<Arguments> statuses() {
        return List.of(Arguments.of(400, Kind.UNAVAILABLE), Arguments.of(401, Kind.PERMISSION_DENIED),
                Arguments.of(403, Kind.PERMISSION_DENIED), Arguments.of(404, Kind.NOT_FOUND),
                Arguments.of(410, Kind.NOT_FOUND), Arguments.of(412, Kind.PRECONDITION_FAILED),
                Arguments.of(418, Kind.UNAVAILABLE), Arguments.of(429, Kind.UNAVAILABLE),
                Arguments.of(451, Kind.PERMISSION_DENIED), Arguments.of(500, Kind.UNAVAILABLE),
                Arguments.of(502, Kind.UNAVAILABLE), Arguments.of(503, Kind.UNAVAILABLE),
                Arguments.of(304, Kind.UNAVAILABLE), Arguments.of(206, Kind.UNAVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void shouldTranslateAStatusAndAskOnce(int status, Kind kind) {
        proxy.fail(Fault.status(status));

        StorageException failure = fails(kind, () -> readAll(ReadOptions.WHOLE));

        assertThat(failure.path()).isEqualTo("object");
        assertThat(failure.store()).isEqualTo(store.name());
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @Test
    void shouldSayWhenToComeAgain() {
        proxy.fail(Fault.retryAfter(429, 7), Fault.retryAfter(503, Instant.now().plusSeconds(3600)),
                Fault.answer(503, "", "Retry-After: soon"));

        assertThat(fails(Kind.UNAVAILABLE, () -> readAll(ReadOptions.WHOLE)).retryAfterMs()).isEqualTo(7000);
        assertThat(fails(Kind.UNAVAILABLE, () -> store.info(PATH)).retryAfterMs()).isBetween(3_000_000, 3_600_000);
        assertThat(fails(Kind.UNAVAILABLE, () -> store.info(PATH)).retryAfterMs()).isZero();
        assertThat(proxy.requestCount()).isEqualTo(3);
    }

    @Test
    void shouldKeepTheConnectionOfAShortError() {
        proxy.fail(Fault.answer(404, "There is nothing here."));

        for (int i = 0; i < 3; i++) {
            fails(Kind.NOT_FOUND, () -> readAll(ReadOptions.WHOLE));
        }

        assertThat(proxy.requestCount()).isEqualTo(3);
        assertThat(proxy.connectionCount()).isEqualTo(1);
    }

    static Stream<Arguments> breaks() {
        return Stream.of(Arguments.of("reset", Fault.reset()), Arguments.of("lost answer", Fault.lostAnswer()),
                Arguments.of("reset in the body", Fault.resetAfter(70_000)),
                Arguments.of("short body", Fault.closedAfter(70_000)),
                Arguments.of("nothing of the body", Fault.closedAfter(0)),
                Arguments.of("all but one byte", Fault.closedAfter(LENGTH - 1)),
                Arguments.of("larger length", Fault.wrongLength(1)), Arguments.of("garbage", Fault.garbage()),
                Arguments.of("a negative length", Fault.header("Content-Length", "-5")),
                Arguments.of("an encoding", Fault.header("Content-Encoding", "br")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaks")
    void shouldFailBeforeTheLastByteAndAskOnce(String name, Fault fault) {
        for (ReadOptions options : List.of(ReadOptions.WHOLE, ReadOptions.WHOLE.range(0, LENGTH))) {
            proxy.clearCounts();
            proxy.fail(fault);

            fails(Kind.UNAVAILABLE, () -> readAll(options));

            assertThat(proxy.requestCount()).as(name).isEqualTo(1);
            proxy.pass();
            assertThat(readAll(options)).isEqualTo(LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 70_000, LENGTH + 20})
    void shouldFailWhereChunksEndEarly(long bytes) {
        server.isChunked = true;
        proxy.fail(Fault.closedAfter(bytes));

        fails(Kind.UNAVAILABLE, () -> readAll(ReadOptions.WHOLE));
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailWhereMoreComesThanWasAnnounced(boolean shortened) {
        server.put("object", utf8("0123456789"));
        proxy.fail(shortened ? Fault.wrongLength(-1) : Fault.longBody(50));

        try (ObjectRead read = store.open(PATH)) {
            assertThat(read.read(ByteBuffer.allocate(5))).isEqualTo(5);
            awaitEndOfAnswer();
            fails(Kind.UNAVAILABLE, () -> read.read(ByteBuffer.allocate(100)));
        }
        proxy.pass();
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(10);
        assertThat(proxy.requestCount()).isEqualTo(2);
    }

    /** The proxy closes the connection behind the last byte that it sends. */
    private void awaitEndOfAnswer() {
        while (proxy.openConnectionCount() > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void shouldRefuseAChangedEtag() {
        ReadOptions first = ReadOptions.WHOLE.ifMatch("\"v1\"");
        proxy.fail(Fault.none(), Fault.changedEtag("\"other\""));

        assertThat(readAll(first.range(0, 100))).isEqualTo(100);
        fails(Kind.PRECONDITION_FAILED, () -> readAll(first.range(100, 100)));
        assertThat(proxy.requestCount()).isEqualTo(2);
    }

    @Test
    void shouldBeUnavailableWhileTheServerRefuses() {
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
        proxy.refuse();

        fails(Kind.UNAVAILABLE, () -> readAll(ReadOptions.WHOLE));
        fails(Kind.UNAVAILABLE, () -> store.info(PATH));

        proxy.pass();
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
    }

    @Test
    void shouldTakeAnotherConnectionWhenTheServerEndedTheOneAtRest() {
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);

        proxy.resetAll();
        awaitEndOfAnswer();

        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
        assertThat(proxy.requestCount()).isEqualTo(2);
        assertThat(proxy.connectionCount()).isEqualTo(2);
    }

    @Test
    void shouldEndAtTheTimeoutWhenTheServerFallsSilent() {
        try (HttpStorage impatient = open(TIMEOUT_MS)) {
            proxy.fail(Fault.stalled());
            assertThat(fails(Kind.UNAVAILABLE, () -> impatient.info(PATH))).hasMessageContaining("in time");

            proxy.fail(Fault.stalledAfter(70_000));
            fails(Kind.UNAVAILABLE, () -> readAll(impatient));
        }
        assertThat(proxy.requestCount()).isLessThanOrEqualTo(2);
    }

    private static void readAll(HttpStorage store) {
        try (ObjectRead read = store.open(PATH)) {
            fails(Kind.UNAVAILABLE, () -> readRest(read));
            readRest(read);
        }
    }

    private static void readRest(ObjectRead read) {
        ByteBuffer target = ByteBuffer.allocate(4096);
        while (read.read(target.clear()) >= 0) {
            // Until it fails.
        }
    }

    @Test
    void shouldReadFromASlowServer() {
        proxy.fail(Fault.slow(1_000_000));

        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
        assertThat(proxy.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndAWaitAtAnInterrupt(boolean virtual) throws InterruptedException {
        proxy.fail(Fault.stalledAfter(0));
        CountDownLatch opened = new CountDownLatch(1);
        AtomicReference<@Nullable StorageException> failure = new AtomicReference<>();
        AtomicBoolean kept = new AtomicBoolean();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread reader = builder.start(() -> {
            try (ObjectRead read = store.open(PATH)) {
                opened.countDown();
                read.read(ByteBuffer.allocate(10));
            } catch (StorageException e) {
                failure.set(e);
                kept.set(Thread.currentThread().isInterrupted());
            }
        });

        opened.await();
        reader.interrupt();
        reader.join();

        assertThat(failure.get()).isNotNull().hasMessageContaining("interrupted");
        assertThat(kept).isTrue();
    }
}
