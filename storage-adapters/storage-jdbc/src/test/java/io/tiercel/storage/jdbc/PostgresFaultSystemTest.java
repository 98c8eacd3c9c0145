package io.tiercel.storage.jdbc;

import static io.tiercel.storage.jdbc.TableBehaviour.assertFails;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.fault.Fault;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store on PostgreSQL says when the server or the way to it fails, and that it works again without being reopened. */
class PostgresFaultSystemTest {
    private static final int MIB = 1024 * 1024;
    private static final StorePath FILE = StorePath.of("file");
    private static final String PASSWORD = "geheim-4711";

    @TempDir
    static Path folder;
    private static @Nullable PostgresServer running;

    private final SharedClients clients = new SharedClients(0);
    private final String table = "blobs_" + UUID.randomUUID().toString().replace("-", "");
    private @Nullable FaultProxy between;
    private @Nullable StorageAdapter opened;

    @BeforeAll
    static void startServer() {
        running = PostgresServer.start(folder);
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (running != null) {
            running.close();
        }
    }

    @BeforeEach
    void putProxyBetween() {
        between = FaultProxy.raw(server().port());
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        clients.close();
        proxy().close();
    }

    private static PostgresServer server() {
        return requireNonNull(running, "started before all tests");
    }

    private FaultProxy proxy() {
        return requireNonNull(between, "made before each test");
    }

    private StorageAdapter open(String parameters) {
        StorageAdapter store = new JdbcStorageProvider()
                .open(URI.create(PostgresServer.uriAt(proxy().port(), table) + parameters), clients);
        opened = store;
        return store;
    }

    private static void write(StorageAdapter store, int length) {
        store.write(FILE, new EventSource(length, length, () -> {}), length, WriteOptions.REPLACE);
    }

    /** Reads to the end; tells how many bytes came before a failure, which is thrown by the caller's assertion. */
    private static long drain(ObjectRead read, long[] seen) {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (read.read(buffer.clear()) >= 0) {
            seen[0] += buffer.position();
        }
        return seen[0];
    }

    private static void assertReads(StorageAdapter store, int length) {
        try (ObjectRead read = store.open(FILE)) {
            assertThat(drain(read, new long[1])).isEqualTo(length);
        }
    }

    @Test
    void shouldAskNothingWhenItIsOpened() {
        open("");

        assertThat(proxy().connectionCount()).isZero();
    }

    @Test
    void shouldBeUnavailableWhileConnectionsAreRefused() {
        StorageAdapter store = open("");
        proxy().refuse();

        assertFails(Kind.UNAVAILABLE, store::ping);
        assertFails(Kind.UNAVAILABLE, () -> store.info(FILE));
        assertFails(Kind.UNAVAILABLE, () -> write(store, 10));
        assertFails(Kind.UNAVAILABLE, () -> store.list(StorePath.ROOT, ListOptions.DIRECT).nextPage());

        proxy().pass();
        write(store, 10);
        assertReads(store, 10);
    }

    @Test
    void shouldConnectOnceACall() {
        StorageAdapter store = open("");
        proxy().fail(Fault.reset());

        for (int calls = 1; calls <= 5; calls++) {
            assertFails(Kind.UNAVAILABLE, () -> store.info(FILE));
            assertThat(proxy().connectionCount()).isEqualTo(calls);
        }
    }

    @Test
    void shouldFailAReadThatIsResetOrCutInTheMiddle() {
        StorageAdapter store = open("&timeoutMs=2000");
        write(store, 2 * MIB);
        for (Fault fault : new Fault[]{Fault.resetAfter(300_000), Fault.closedAfter(300_000), Fault.garbage(),
            Fault.stalledAfter(300_000)}) {
            proxy().pass();
            long[] seen = new long[1];
            try (ObjectRead read = store.open(FILE)) {
                read.read(ByteBuffer.allocate(10));
                proxy().fail(fault, Fault.reset());

                assertFails(Kind.UNAVAILABLE, () -> drain(read, seen));
            }
            assertThat(seen[0]).isLessThan(2 * MIB - 10);
        }

        proxy().pass();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertReads(store, 2 * MIB));
    }

    @Test
    void shouldLeaveNothingOfAWriteThatIsResetInTheMiddle() throws SQLException {
        StorageAdapter store = open("");
        write(store, 10);
        EventSource source = new EventSource(2 * MIB, MIB, () -> proxy().fail(Fault.reset()));

        assertFails(Kind.UNAVAILABLE, () -> store.write(FILE, source, 2 * MIB, WriteOptions.REPLACE));

        proxy().pass();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertReads(store, 10));
        assertThat(store.totals(StorePath.ROOT).count()).isEqualTo(1);
        assertThat(server().number("SELECT COUNT(*) FROM \"" + table + "_loose\"")).as("left to expire").isEqualTo(1);
    }

    @Test
    void shouldGiveUpAStalledServer() {
        StorageAdapter store = open("&timeoutMs=1000");
        write(store, 10);
        proxy().fail(Fault.stalled());

        assertFails(Kind.UNAVAILABLE, () -> store.info(FILE));

        proxy().pass();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertReads(store, 10));
    }

    @Test
    void shouldEndACallAtAnInterrupt() throws InterruptedException {
        StorageAdapter store = open("&timeoutMs=3600000");
        write(store, 10);
        proxy().fail(Fault.stalled());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean kept = new AtomicBoolean();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                store.info(FILE);
            } catch (StorageException e) {
                failure.set(e);
            }
            kept.set(Thread.currentThread().isInterrupted());
        });

        await().atMost(Duration.ofMinutes(1)).until(() -> caller.getState() == Thread.State.WAITING);
        caller.interrupt();
        caller.join(Duration.ofMinutes(1));

        assertThat(failure.get()).isInstanceOfSatisfying(StorageException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(kept).isTrue();
    }

    @Test
    void shouldWorkAgainAfterTheServerWasKilledAndStarted() throws IOException {
        StorageAdapter store = open("");
        write(store, MIB);
        ObjectRead read = store.open(FILE);
        server().kill();

        assertFails(Kind.UNAVAILABLE, () -> drain(read, new long[1]));
        assertFails(Kind.UNAVAILABLE, () -> store.info(FILE));
        read.close();

        server().startAgain();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> assertReads(store, MIB));
        write(store, 10);
        assertReads(store, 10);
    }

    @Test
    void shouldGiveUpALockThatSomebodyHolds() throws SQLException {
        StorageAdapter store = open("&timeoutMs=1000&connections=1");
        write(store, 10);

        try (Connection connection = server().connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE \"" + table + "\" IN ACCESS EXCLUSIVE MODE");
            assertFails(Kind.UNAVAILABLE, () -> store.info(FILE));
            assertFails(Kind.UNAVAILABLE, () -> write(store, 20));
            connection.rollback();
        }

        assertReads(store, 10);
    }

    @Test
    void shouldTellARefusedUserAndShowNoPassword() throws IOException, SQLException {
        server().execute("CREATE ROLE keeper LOGIN PASSWORD '" + PASSWORD + "'");
        server().execute("CREATE ROLE guest LOGIN PASSWORD '" + PASSWORD + "'");
        server().demandPassword("keeper");
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong-" + PASSWORD);
        Path right = Files.writeString(folder.resolve("right"), PASSWORD);
        String uri = PostgresServer.uriAt(proxy().port(), table).replace("user=postgres", "user=keeper");

        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            try (StorageAdapter store = new JdbcStorageProvider().open(URI.create(uri + "&passwordFile=" + wrong),
                    clients)) {
                proxy().clearCounts();
                StorageException failure = assertFails(Kind.PERMISSION_DENIED, store::ping);
                assertThat(proxy().connectionCount()).isEqualTo(1);
                StringWriter text = new StringWriter();
                failure.printStackTrace(new PrintWriter(text));
                assertThat(text + store.name() + store).doesNotContain(PASSWORD).contains("refused");
            }
        });
        try (StorageAdapter store = new JdbcStorageProvider().open(URI.create(uri), clients)) {
            assertThat(assertFails(Kind.PERMISSION_DENIED, store::ping)).hasMessageContaining("wants a password");
        }
        try (StorageAdapter store = new JdbcStorageProvider().open(URI.create(uri + "&passwordFile=" + right),
                clients)) {
            store.ping();
        }
    }

    @Test
    void shouldTellAMissingRightFromAMissingTable() throws SQLException {
        server().execute("CREATE ROLE stranger LOGIN");
        write(open(""), 10);
        String uri = PostgresServer.uriAt(proxy().port(), table).replace("user=postgres", "user=stranger");

        try (StorageAdapter store = new JdbcStorageProvider().open(URI.create(uri), clients)) {
            assertFails(Kind.PERMISSION_DENIED, store::ping);
            assertFails(Kind.PERMISSION_DENIED, () -> store.open(FILE));
            assertFails(Kind.PERMISSION_DENIED, () -> store.delete(FILE, true));
            assertFails(Kind.PERMISSION_DENIED, () -> write(store, 10));
            assertFails(Kind.PERMISSION_DENIED, () -> store.list(StorePath.ROOT, ListOptions.DIRECT).nextPage());
        }
    }

    @Test
    void shouldTakeAMissingDatabaseForAnEmptyStoreButTellIt() {
        String uri = PostgresServer.uriAt(proxy().port(), table).replace("/postgres?", "/nowhere?");

        try (StorageAdapter store = new JdbcStorageProvider().open(URI.create(uri), clients);
                ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.DIRECT)) {
            assertFails(Kind.NOT_FOUND, store::ping);
            assertFails(Kind.NOT_FOUND, () -> store.open(FILE));
            assertFails(Kind.NOT_FOUND, () -> write(store, 10));
            assertThat(cursor.nextPage()).isEmpty();
            store.delete(FILE, true);
        }
    }

    @Test
    void shouldFailAListingWhoseTableGoes() throws SQLException {
        StorageAdapter store = open("");
        server().populate(table, "folder", 25);

        try (ListingCursor cursor = store.list(StorePath.of("folder"), ListOptions.DIRECT.pageSize(10))) {
            assertThat(cursor.nextPage()).hasSize(10);
            server().execute("DROP TABLE \"" + table + "\"");
            assertFails(Kind.NOT_FOUND, cursor::nextPage);
            assertFails(Kind.NOT_FOUND, cursor::nextPage);
        }
    }

    @Test
    void shouldCostLittleToStepOverLargeFolders() throws SQLException {
        StorageAdapter store = open("");
        int folders = 20;
        for (int i = 0; i < folders; i++) {
            server().populate(table, "folder-" + i, 2_000);
        }
        proxy().clearCounts();

        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.DIRECT)) {
            assertThat(cursor.nextPage()).hasSize(folders);
        }

        // A row is some hundred bytes: one page of 1,000, then some rows a folder, and not 40,000.
        assertThat(proxy().byteCount()).isLessThan(400_000);
    }
}
