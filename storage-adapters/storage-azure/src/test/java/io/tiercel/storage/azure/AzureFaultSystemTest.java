package io.tiercel.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.Secret;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.Transfers;
import io.tiercel.storage.contract.fault.Fault;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a broken way to Azure, or Azure itself, may answer; on a stub, so that it always runs. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureFaultSystemTest {
    private static final StorePath FILE = StorePath.of("100000");
    private static final String SIGNATURE = "c2lnbmF0dXJl";

    private final SharedClients clients = new SharedClients(0);
    private StubServer server;
    private FaultProxy proxy;
    private AzureStorage store;

    @BeforeEach
    void start() throws IOException {
        server = StubServer.start();
        proxy = FaultProxy.http(server.port());
        store = open(60_000);
    }

    private AzureStorage open(int timeoutMs) {
        AzureCredential sas = AzureCredential.sas(Secret.of("?sv=2026-10-06&sig=" + SIGNATURE));
        AzureClientConfiguration configuration = new AzureClientConfiguration(
                "http://127.0.0.1:" + proxy.port() + "/" + Azurite.ACCOUNT, Azurite.ACCOUNT, sas, timeoutMs, 20_000);
        return AzureStorage.open(Azurite.location("container", StorePath.ROOT, configuration), clients);
    }

    @AfterEach
    void stop() {
        store.close();
        clients.close();
        proxy.close();
        server.close();
    }

    static Stream<Arguments> answers() {
        return Stream.of(Arguments.of("reset", Fault.reset(), Kind.UNAVAILABLE, 0),
                Arguments.of("reset in the body", Fault.resetAfter(1000), Kind.UNAVAILABLE, 0),
                Arguments.of("short body", Fault.closedAfter(99_999), Kind.UNAVAILABLE, 0),
                Arguments.of("length said longer", Fault.wrongLength(10), Kind.UNAVAILABLE, 0),
                Arguments.of("no length", Fault.header("Content-Length", null), Kind.UNAVAILABLE, 0),
                Arguments.of("garbage", Fault.garbage(), Kind.UNAVAILABLE, 0),
                Arguments.of("500", Fault.status(500), Kind.UNAVAILABLE, 0),
                Arguments.of("redirect", Fault.answer(302, "", "Location: http://127.0.0.1:1/"), Kind.UNAVAILABLE, 0),
                Arguments.of("503", Fault.retryAfter(503, 7), Kind.UNAVAILABLE, 7000),
                Arguments.of("429", Fault.retryAfter(429, 3), Kind.UNAVAILABLE, 3000),
                Arguments.of("403", code(403, "AuthorizationFailure"), Kind.PERMISSION_DENIED, 0),
                Arguments.of("401", code(401, "InvalidAuthenticationInfo"), Kind.PERMISSION_DENIED, 0),
                Arguments.of("404", code(404, "BlobNotFound"), Kind.NOT_FOUND, 0),
                Arguments.of("no container", code(404, "ContainerNotFound"), Kind.NOT_FOUND, 0),
                Arguments.of("archived", code(409, "BlobArchived"), Kind.NOT_YET_AVAILABLE, 3_600_000));
    }

    private static Fault code(int status, String code) {
        return Fault.answer(status, "", "x-ms-error-code: " + code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void shouldSayInItsOwnWordsWhatBecameOfAReadAfterOneAttempt(String what, Fault fault, Kind kind, int retryAfterMs) {
        proxy.failWhere(request -> request.startsWith("GET") && request.contains(FILE.toString()), fault);

        StorageException failure = failure(() -> readAll(FILE));

        assertThat(failure.kind()).as(what + ": " + failure.getMessage()).isEqualTo(kind);
        assertThat(failure.retryAfterMs()).isEqualTo(retryAfterMs);
        assertThat(failure.store()).isEqualTo(store.name());
        assertThat(traceOf(failure)).doesNotContain(SIGNATURE);
        assertThat(proxy.requests().stream().filter(request -> request.contains("/" + FILE))).hasSize(1);
    }

    @Test
    void shouldAskForNoBytesOfTheVersionThatTheCallerHas() {
        String etag = String.valueOf(store.info(FILE).etag());

        for (int i = 0; i < 3; i++) {
            try (ObjectRead read = store.open(FILE, ReadOptions.WHOLE.ifNoneMatch(etag))) {
                assertThat(read.isUnchanged()).isTrue();
                assertThat(read.info().etag()).isEqualTo(etag);
                assertThat(read.info().cacheRules()).isEqualTo(new CacheRules(60_000, true));
            }
        }
        try (ObjectRead read = store.open(FILE, ReadOptions.WHOLE.ifNoneMatch("\"0x1\""))) {
            assertThat(read.isUnchanged()).isFalse();
            assertThat(read.length()).isEqualTo(100_000);
        }

        assertThat(proxy.requestCount()).isEqualTo(5);
    }

    @Test
    void shouldTellHowLongAnAnswerHolds() {
        CacheRules minute = new CacheRules(60_000, true);

        assertThat(store.info(FILE).cacheRules()).isEqualTo(minute);
        try (ObjectRead read = store.open(FILE)) {
            assertThat(read.info().cacheRules()).isEqualTo(minute);
        }
        proxy.fail(Fault.header("Cache-Control", "no-store"));
        assertThat(store.info(FILE).cacheRules().mayStore()).isFalse();
        proxy.fail(Fault.header("Cache-Control", null));
        assertThat(store.info(FILE).cacheRules()).isEqualTo(CacheRules.NONE);
    }

    @Test
    void shouldTakeADateForWhenToTryAgain() {
        Fault later = Fault.retryAfter(503, Instant.now().plusSeconds(3600));
        proxy.fail(later);

        assertThat(failure(() -> readAll(FILE)).retryAfterMs()).isBetween(3_000_000, 3_600_000);
        assertThat(failure(() -> store.info(FILE)).retryAfterMs()).isBetween(3_000_000, 3_600_000);
    }

    static Stream<Fault> longBodies() {
        return Stream.of(Fault.longBody(50), Fault.wrongLength(-1));
    }

    @ParameterizedTest
    @MethodSource("longBodies")
    void shouldFailWhereMoreComesThanTheAnswerSaid(Fault fault) {
        proxy.failWhere(request -> request.startsWith("GET"), fault);

        try (ObjectRead read = store.open(FILE)) {
            assertThat(read.read(ByteBuffer.allocateDirect(1000))).isPositive();
            awaitEndOfAnswer();
            StorageException failure = failure(() -> drain(read));
            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("longer than it said");
        }

        proxy.pass();
        assertThat(readAll(FILE)).isEqualTo(100_000);
    }

    /** The proxy closes the connection behind the last byte that it sends. */
    private void awaitEndOfAnswer() {
        while (proxy.openConnectionCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldGiveUpOnSilence() {
        try (AzureStorage impatient = open(1_000)) {
            proxy.fail(Fault.stalled());
            assertThat(failure(() -> impatient.info(FILE)).kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(proxy.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndACallAtAnInterrupt() throws InterruptedException {
        proxy.fail(Fault.stalledAfter(1000));
        StringBuilder outcome = new StringBuilder();
        Thread reader = new Thread(() -> {
            StorageException failure = failure(() -> readAll(FILE));
            outcome.append(failure.kind()).append(' ').append(Thread.currentThread().isInterrupted());
        });
        reader.start();
        while (proxy.requestCount() == 0) {
            Thread.onSpinWait();
        }

        reader.interrupt();
        reader.join(30_000);

        assertThat(outcome).hasToString("UNAVAILABLE true");
    }

    @Test
    void shouldWorkAsSoonAsTheServerIsThere() {
        proxy.refuse();
        assertThat(failure(() -> store.info(FILE)).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure(() -> store.ping()).kind()).isEqualTo(Kind.UNAVAILABLE);

        proxy.pass();

        assertThat(store.info(FILE).length()).isEqualTo(100_000);
    }

    @Test
    void shouldTellApartWhatAPingFinds() {
        proxy.fail(code(404, "ContainerNotFound"), code(403, "AuthenticationFailed"), Fault.status(503));

        assertThat(failure(store::ping).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure(store::ping).kind()).isEqualTo(Kind.PERMISSION_DENIED);
        assertThat(failure(store::ping).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(proxy.requestCount()).isEqualTo(3);
    }

    @Test
    void shouldFailAListingAfterItsFirstPageAndGoOnFailing() {
        server.populate("folder", 25);
        for (Fault fault : List.of(Fault.status(503), code(404, "ContainerNotFound"), Fault.reset())) {
            proxy.failWhere(request -> request.contains("marker="), fault);
            try (ListingCursor cursor = store.list(StorePath.of("folder"), ListOptions.RECURSIVE.pageSize(10))) {
                List<ObjectInfo> first = cursor.nextPage();
                assertThat(first).hasSize(10);
                assertThat(failure(cursor::nextPage).kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(failure(cursor::nextPage).kind()).isEqualTo(Kind.UNAVAILABLE);
            }
        }
    }

    @Test
    void shouldTakeAMissingContainerForAMissingPath() {
        proxy.fail(code(404, "ContainerNotFound"));

        try (ListingCursor cursor = store.list(StorePath.of("folder"), ListOptions.DIRECT)) {
            assertThat(cursor.nextPage()).isEmpty();
        }
        store.delete(FILE, true);
        assertThat(failure(() -> store.delete(FILE, false)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void shouldNotTryAWriteAgainWhoseAnswerWasLost() {
        proxy.failWhere(request -> request.startsWith("PUT"), Fault.lostAnswer());

        StorageException failure = failure(
                () -> store.write(StorePath.of("new"), ByteBuffer.allocate(10), WriteOptions.REPLACE));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(proxy.requests().stream().filter(request -> request.startsWith("PUT"))).hasSize(1);
    }

    @Test
    void shouldReadLittleMoreThanWasAskedFor() {
        try (ObjectRead read = store.open(StorePath.of("1073741824"), ReadOptions.WHOLE)) {
            assertThat(read.length()).isEqualTo(1L << 30);
            assertThat(read.read(ByteBuffer.allocateDirect(1024))).isPositive();
        }

        assertThat(proxy.byteCount()).isLessThan(32L << 20);
    }

    @Test
    void shouldAllocateNoBodyOnTheHeapInATransfer() {
        long length = Boolean.getBoolean("tiercel.full") ? 1L << 30 : 64L << 20;
        StorePath path = StorePath.of(Long.toString(length));
        for (int i = 0; i < 2; i++) {
            writeZeros(path, length);
            readAll(path);
        }

        long before = Transfers.allocatedByThisThread();
        writeZeros(path, length);
        long written = Transfers.allocatedByThisThread() - before;
        before = Transfers.allocatedByThisThread();
        assertThat(readAll(path)).isEqualTo(length);
        long readBack = Transfers.allocatedByThisThread() - before;

        System.out.printf("transfer of %d MiB: %d KiB of heap to write, %d KiB to read%n", length >> 20, written >> 10,
                readBack >> 10);
        // A buffer for each block and each answer, as it once was, would make 18 MiB of a GiB written.
        assertThat(written).isLessThan(length > 64L << 20 ? 4L << 20 : 1L << 20);
        assertThat(readBack).isLessThan(4L << 20);
    }

    private void writeZeros(StorePath path, long length) {
        store.write(path, Transfers.zeros(length), length, WriteOptions.REPLACE);
    }

    private long readAll(StorePath path) {
        try (ObjectRead read = store.open(path)) {
            return drain(read);
        }
    }

    private static long drain(ObjectRead read) {
        return Transfers.drain(read, ByteBuffer.allocateDirect(64 << 10));
    }

    private static StorageException failure(ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }

    private static String traceOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
