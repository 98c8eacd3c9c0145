package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls when the network or the server fails. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpFaultTest {
    private static final StorePath FILE = StorePath.of("file");
    private static final int LENGTH = 8 * 1024 * 1024;

    @TempDir
    Path directory;

    @TempDir
    Path keys;

    private final StorageProviders providers = StorageProviders.load();
    private MinaServer server;
    private RawProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        server = MinaServer.start(keys);
        proxy = RawProxy.before(server.port());
        Files.write(directory.resolve("file"), new byte[LENGTH]);
    }

    @AfterEach
    void stopServer() throws IOException {
        providers.close();
        proxy.close();
        server.close();
    }

    private StorageAdapter open(String more) {
        return providers.open(server.uri(proxy.port(), directory) + "?hostKey=any&connections=1&identity="
                + server.identity() + more);
    }

    private static StorageException assertUnavailable(ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.UNAVAILABLE);
        return failure;
    }

    private static long readAll(ObjectRead read) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        long length = 0;
        for (int count = read.read(buffer); count >= 0; count = read.read(buffer)) {
            length += count;
            buffer.clear();
        }
        return length;
    }

    @Test
    void shouldTryOnceWhenTheServerRefusesAndWorkWhenItIsBack() {
        proxy.mode(RawProxy.Mode.REFUSE);
        try (StorageAdapter store = open("")) {
            assertThat(proxy.accepted()).as("connections of an open").isZero();

            StorageException failure = assertUnavailable(() -> store.info(FILE));

            assertThat(failure.store()).isEqualTo(store.name());
            assertThat(failure.path()).isEqualTo("file");
            assertThat(proxy.accepted()).as("attempts").isEqualTo(1);
            assertUnavailable(store::ping);

            proxy.mode(RawProxy.Mode.PASS);
            assertThat(store.info(FILE).length()).isEqualTo(LENGTH);
        }
    }

    @Test
    void shouldFailAReadThatIsCutInTheMiddleAndWorkAtTheNext() {
        try (StorageAdapter store = open("")) {
            store.ping();
            int connections = proxy.accepted();
            try (ObjectRead read = store.open(FILE)) {
                proxy.resetAfter(LENGTH / 2);

                assertUnavailable(() -> readAll(read));
            }

            assertThat(proxy.accepted()).as("no further attempt").isEqualTo(connections);
            try (ObjectRead read = store.open(FILE)) {
                assertThat(readAll(read)).isEqualTo(LENGTH);
            }
        }
    }

    @Test
    void shouldFailAWriteThatIsCutInTheMiddleAndShowNothingOfIt() {
        try (StorageAdapter store = open("")) {
            store.ping();
            proxy.resetAfter(4_000);
            byte[] bytes = new byte[LENGTH];

            assertUnavailable(
                    () -> store.write(StorePath.of("other"), ByteBuffer.wrap(bytes), WriteOptions.CREATE));

            assertThat(directory.resolve("other")).doesNotExist();
            try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
                assertThat(cursor.nextPage()).hasSize(1);
            }
        }
    }

    @Test
    void shouldGiveUpOnAServerThatAnswersNoMore() {
        try (StorageAdapter store = open("&timeoutMs=1500")) {
            // Slow machines take long to sign in; the limit is short for the test's sake alone.
            signIn(store);
            try (ObjectRead read = store.open(FILE)) {
                proxy.mode(RawProxy.Mode.STALL);

                assertUnavailable(() -> readAll(read));
            }
            assertUnavailable(() -> store.info(FILE));

            proxy.mode(RawProxy.Mode.PASS);
            signIn(store);
        }
    }

    private static void signIn(StorageAdapter store) {
        for (int attempt = 1;; attempt++) {
            try {
                store.ping();
                return;
            } catch (StorageException e) {
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    @Test
    void shouldReadFromASlowServer() throws IOException {
        Files.write(directory.resolve("file"), new byte[100_000]);
        try (StorageAdapter store = open("")) {
            store.ping();
            proxy.mode(RawProxy.Mode.DRIP);

            try (ObjectRead read = store.open(FILE)) {
                assertThat(readAll(read)).isEqualTo(100_000);
            }
        }
    }

    @Test
    void shouldFailOnGarbage() {
        try (StorageAdapter store = open("")) {
            try (ObjectRead read = store.open(FILE)) {
                proxy.mode(RawProxy.Mode.GARBLE);

                assertUnavailable(() -> readAll(read));
            }

            proxy.mode(RawProxy.Mode.PASS);
            store.ping();
        }
    }

    @Test
    void shouldWorkAgainAfterTheServerWasKilledAndStarted() throws Exception {
        try (StorageAdapter store = open("")) {
            store.ping();
            int port = server.port();
            server.close();
            assertUnavailable(() -> store.info(FILE));

            server = MinaServer.start(keys, port, server.hostKey(), "");

            assertThat(store.info(FILE).length()).isEqualTo(LENGTH);
        }
    }

    @Test
    void shouldFailAListingOnALaterPageAndGoOnFailing() throws IOException {
        for (int i = 0; i < 2_000; i++) {
            Files.createFile(directory.resolve("entry-" + i));
        }
        try (StorageAdapter store = open("");
                ListingCursor cursor = store.list(StorePath.ROOT,
                        ListOptions.DIRECT.pageSize(10))) {
            assertThat(cursor.nextPage()).hasSize(10);
            proxy.resetAfter(1);

            assertUnavailable(() -> {
                while (!cursor.nextPage().isEmpty()) {
                    assertThat(cursor).isNotNull();
                }
            });

            assertUnavailable(cursor::nextPage);
        }
    }

    @Test
    void shouldReadLittleMoreThanWasTaken() {
        try (StorageAdapter store = open("")) {
            store.ping();
            long before = proxy.carried();
            try (ObjectRead read = store.open(FILE)) {
                assertThat(read.read(ByteBuffer.allocate(1024))).isEqualTo(1024);
            }

            store.ping();
            assertThat(proxy.carried() - before).isLessThan(Fetch.FIRST_LENGTH + 64 * 1024);
        }
    }
}
