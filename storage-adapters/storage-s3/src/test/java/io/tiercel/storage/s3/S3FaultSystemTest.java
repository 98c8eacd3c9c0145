package io.tiercel.storage.s3;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.fault.Fault;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults between the adapter and S3Proxy: each has its outcome, after one attempt. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3FaultSystemTest {
    private static final int LENGTH = 3_000_000;
    private static final StorePath PATH = StorePath.of("folder/object");
    private static final ReadOptions RANGE = ReadOptions.WHOLE.range(1000, 2_000_000);

    /** What the proxy does to every answer, and what comes of it. */
    @SuppressWarnings("ImmutableEnumChecker") // a Fault is immutable, and has no annotation that says so
    enum Case {
        RESET(Fault.reset(), Kind.UNAVAILABLE),
        LOST(Fault.lostAnswer(), Kind.UNAVAILABLE),
        STALLED(Fault.stalled(),
                Kind.UNAVAILABLE),
        STALLED_BODY(Fault.stalledAfter(100), Kind.UNAVAILABLE),
        RESET_BODY(Fault.resetAfter(
                100), Kind.UNAVAILABLE),
        SHORT_BODY(Fault.closedAfter(100), Kind.UNAVAILABLE),
        LONGER(Fault
                .wrongLength(10), Kind.UNAVAILABLE),
        NO_LENGTH(Fault.header("Content-Length", null),
                Kind.UNAVAILABLE),
        GARBAGE(Fault.garbage(), Kind.UNAVAILABLE),
        BUSY(Fault
                .retryAfter(429, 7), Kind.UNAVAILABLE),
        SLOW_DOWN(Fault.retryAfter(503,
                7), Kind.UNAVAILABLE),
        BROKEN(Fault.status(500),
                Kind.UNAVAILABLE),
        REFUSED(Fault.status(403),
                Kind.PERMISSION_DENIED),
        UNKNOWN(Fault.status(
                401), Kind.PERMISSION_DENIED),
        PORTAL(
                Fault.answer(200,
                        "<html>please log in</html>"),
                Kind.UNAVAILABLE);

        private final Fault fault;
        private final Kind kind;

        Case(Fault fault, Kind kind) {
            this.fault = fault;
            this.kind = kind;
        }
    }

    private FaultProxy proxy;
    private StorageProviders providers;
    private StorageAdapter store;

    @BeforeAll
    static void startServer() {
        S3ProxyServer.shared();
    }

    @BeforeEach
    void openStore() {
        String bucket = S3ProxyServer.shared().newBucket();
        proxy = FaultProxy.http(S3ProxyServer.shared().port());
        providers = StorageProviders.load();
        store = providers.open("s3://" + bucket + "?region=us-east-1&timeoutMs=3000&endpoint=http://127.0.0.1:"
                + proxy.port());
        store.write(PATH, ByteBuffer.allocate(LENGTH), WriteOptions.CREATE);
        proxy.clearCounts();
    }

    @AfterEach
    void closeStore() {
        store.close();
        providers.close();
        proxy.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailAReadInItsOwnWords(Case what) {
        proxy.fail(what.fault);

        StorageException whole = assertFails(what.kind, () -> readAll(ReadOptions.WHOLE));
        StorageException range = assertFails(what.kind, () -> readAll(RANGE));

        assertThat(proxy.requestCount()).as("attempts").isEqualTo(2);
        assertThat(whole.path()).isEqualTo(PATH.toString());
        assertThat(range.store()).isEqualTo(store.name());
        if (what == Case.BUSY || what == Case.SLOW_DOWN) {
            assertThat(whole.retryAfterMs()).isEqualTo(7000);
        }
        proxy.pass();
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
    }

    @ParameterizedTest
    // A listing says itself where it ends, whatever its length is said to be.
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NO_LENGTH", "LONGER"})
    void shouldFailAListingInItsOwnWords(Case what) {
        proxy.fail(what.fault);

        assertFails(what.kind, () -> {
            try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
                cursor.nextPage();
            }
        });

        assertThat(proxy.requestCount()).as("attempts").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "LOST", "STALLED", "GARBAGE", "BUSY", "SLOW_DOWN", "BROKEN", "REFUSED"})
    void shouldFailAWriteInItsOwnWordsAndSendItOnce(Case what) {
        StorePath path = StorePath.of("other");
        proxy.failWhere(request -> request.startsWith("PUT"), what.fault);

        assertFails(what.kind, () -> store.write(path, ByteBuffer.allocate(LENGTH), WriteOptions.CREATE));

        assertThat(proxy.requests().stream().filter(request -> request.startsWith("PUT"))).hasSize(1);
        proxy.pass();
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
    }

    @Test
    void shouldBeginAnUploadOnce() {
        proxy.failWhere(request -> request.startsWith("POST"), Fault.lostAnswer());

        assertFails(Kind.UNAVAILABLE,
                () -> store.write(StorePath.of("long"), ByteBuffer.allocate(9 << 20), WriteOptions.CREATE));

        assertThat(proxy.requests().stream().filter(request -> request.startsWith("POST"))).hasSize(1);
    }

    @Test
    void shouldNotMixVersions() {
        String etag = String.valueOf(store.info(PATH).etag());
        proxy.fail(Fault.changedEtag("\"other\""));

        assertFails(Kind.PRECONDITION_FAILED, () -> readAll(RANGE.ifMatch(etag)));
        assertFails(Kind.PRECONDITION_FAILED, () -> readAll(ReadOptions.WHOLE.ifMatch(etag)));
    }

    @Test
    void shouldReadWhatComesSlowly() {
        proxy.fail(Fault.slow(2_000_000));

        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
    }

    @Test
    void shouldBreakOffAReadThatIsClosedEarly() {
        StorePath large = StorePath.of("large");
        store.write(large, ByteBuffer.allocate(64 << 20), WriteOptions.CREATE);
        proxy.clearCounts();

        try (ObjectRead read = store.open(large)) {
            ByteBuffer target = ByteBuffer.allocate(1024);
            while (target.hasRemaining()) {
                assertThat(read.read(target)).isPositive();
            }
        }

        Awaitility.await().until(() -> proxy.openConnectionCount() <= 1);
        // What the buffers of sockets on the way hold, and not what is left.
        assertThat(proxy.byteCount()).isLessThan(32 << 20);
        assertThat(readAll(ReadOptions.WHOLE)).isEqualTo(LENGTH);
    }

    @Test
    void shouldWorkWithoutOpeningAgainOnceTheServerIsUp() {
        proxy.refuse();
        assertFails(Kind.UNAVAILABLE, () -> store.ping());
        StorageException failure = assertFails(Kind.UNAVAILABLE, () -> store.info(PATH));
        assertThat(failure).hasMessageContaining("cannot be connected to");
        assertFails(Kind.UNAVAILABLE, () -> store.delete(PATH, true));

        proxy.pass();

        store.ping();
        assertThat(store.info(PATH).length()).isEqualTo(LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"answer", "body"})
    void shouldEndACallWhenItsThreadIsInterrupted(String where) throws InterruptedException {
        try (StorageAdapter patient = providers
                .open(store.name().replace("timeoutMs=3000", "timeoutMs=240000"))) {
            proxy.fail(where.equals("answer") ? Fault.stalled() : Fault.stalledAfter(100_000));
            AtomicReference<@Nullable StorageException> failure = new AtomicReference<>();
            CountDownLatch kept = new CountDownLatch(1);
            Thread caller = Thread.ofVirtual().start(() -> {
                failure.set(catchThrowableOfType(StorageException.class, () -> drain(patient, ReadOptions.WHOLE)));
                if (Thread.currentThread().isInterrupted()) {
                    kept.countDown();
                }
            });
            Awaitility.await().until(() -> proxy.requestCount() == 1);

            caller.interrupt();
            caller.join();

            assertThat(requireNonNull(failure.get()).kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(kept.getCount()).as("interrupt kept").isZero();
            assertThat(proxy.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldLetTheFirstErrorStandWhenTheLookForAFolderFails() {
        proxy.failWhere(request -> request.contains("list-type"), Fault.status(500));

        assertFails(Kind.NOT_FOUND, () -> store.open(StorePath.of("missing")));
        assertFails(Kind.NOT_FOUND, () -> store.delete(StorePath.of("missing"), false));

        assertThat(proxy.requestCount()).isEqualTo(4);
    }

    @Test
    void shouldKeepBothObjectsWhenTheRemovalOfAMoveFails() {
        StorePath to = StorePath.of("to");
        proxy.failWhere(request -> request.startsWith("DELETE"), Fault.status(503));

        assertFails(Kind.UNAVAILABLE, () -> store.move(PATH, to, false));

        assertThat(Map.of(PATH, store.info(PATH).length(), to, store.info(to).length())).containsEntry(PATH,
                (long) LENGTH).containsEntry(to, (long) LENGTH);
    }

    private long readAll(ReadOptions options) {
        return drain(store, options);
    }

    private static long drain(StorageAdapter store, ReadOptions options) {
        ByteBuffer target = ByteBuffer.allocateDirect(100_000);
        long length = 0;
        try (ObjectRead read = store.open(PATH, options)) {
            for (int count = read.read(target); count >= 0; count = read.read(target.clear())) {
                length += count;
            }
            assertThat(length).isEqualTo(read.length());
        }
        return length;
    }

    private static StorageException assertFails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure;
    }
}
