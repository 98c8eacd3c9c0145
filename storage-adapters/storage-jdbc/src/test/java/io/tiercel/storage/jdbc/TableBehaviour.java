package io.tiercel.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tables hold, and when; on either engine. */
abstract class TableBehaviour {
    private static final int MIB = 1024 * 1024;
    private static final Keeping LONG = Keeping.replacedFor(Keeping.DEFAULT_REPLACED_MS);
    /** Nothing is kept, and nobody sweeps but the test. */
    private static final Keeping SHORT = new Keeping(0, 0, Duration.ofDays(1).toMillis());

    private final SharedClients clients = new SharedClients(0);
    private final List<JdbcStorage> opened = new ArrayList<>();
    private final String table = "blobs_" + UUID.randomUUID().toString().replace("-", "");

    abstract TestDatabase database();

    @AfterEach
    void close() {
        opened.forEach(JdbcStorage::close);
        clients.close();
    }

    private JdbcStorage open(Keeping keeping) {
        JdbcUri uri = JdbcUri.of(URI.create(database().uri(table)));
        JdbcStorage store = new JdbcStorage(uri.name(), uri.table(), clients.acquire(uri.pool()), keeping);
        opened.add(store);
        return store;
    }

    private long rows(String suffix) throws SQLException {
        return database().number("SELECT COUNT(*) FROM \"" + table + suffix + '"');
    }

    private static void write(JdbcStorage store, String path, long length) {
        store.write(at(path), new EventSource(length, length, () -> {}), length, WriteOptions.REPLACE);
    }

    private static byte[] readRest(ObjectRead read) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (read.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toByteArray();
    }

    private static byte[] expected(int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = from; i < to; i++) {
            bytes[i - from] = EventSource.byteAt(i);
        }
        return bytes;
    }

    private static List<String> names(JdbcStorage store, ListOptions options) {
        List<String> names = new ArrayList<>();
        try (ListingCursor cursor = store.list(StorePath.ROOT, options)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                page.forEach(entry -> names.add(entry.path() + (entry.isFolder() ? "/" : "")));
            }
        }
        return names;
    }

    private static StorePath at(String path) {
        return StorePath.of(path);
    }

    static StorageException assertFails(Kind kind, ThrowingCallable call) {
        StorageException[] failure = new StorageException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> failure[0] = e);
        assertThat(failure[0].kind()).as(failure[0].getMessage()).isEqualTo(kind);
        return failure[0];
    }

    @Test
    void shouldMakeTheTablesWithTheFirstWriteAlone() throws SQLException {
        JdbcStorage store = open(LONG);
        String count = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE '" + table + "%'";

        store.ping();
        assertThat(names(store, ListOptions.RECURSIVE)).isEmpty();
        store.delete(at("file"), true);
        assertThat(store.deleteRecursively(at("folder"))).isZero();
        assertFails(Kind.NOT_FOUND, () -> store.open(at("file")));
        assertFails(Kind.NOT_FOUND, () -> store.move(at("file"), at("other"), true));
        assertFails(Kind.NOT_FOUND, () -> store.copy(at("file"), at("other"), true));
        assertFails(Kind.PRECONDITION_FAILED,
                () -> store.write(at("file"), ByteBuffer.allocate(1), WriteOptions.CREATE.ifMatch("\"x\"")));
        assertThat(database().number(count)).isZero();

        write(store, "file", 1);
        assertThat(database().number(count)).isEqualTo(3);
    }

    @Test
    void shouldFinishAReadOfAVersionThatWasReplacedOrRemoved() {
        JdbcStorage store = open(LONG);
        write(store, "replaced", 2 * MIB);
        write(store, "removed", 2 * MIB);

        try (ObjectRead one = store.open(at("replaced")); ObjectRead other = store.open(at("removed"))) {
            write(store, "replaced", 10);
            store.delete(at("removed"), false);
            assertThat(store.sweep()).isZero();

            assertThat(readRest(one)).isEqualTo(expected(0, 2 * MIB));
            assertThat(readRest(other)).isEqualTo(expected(0, 2 * MIB));
        }
    }

    @Test
    void shouldFailAReadWhoseVersionIsGone() throws SQLException {
        JdbcStorage store = open(SHORT);
        write(store, "file", 2 * MIB);

        try (ObjectRead read = store.open(at("file"))) {
            read.read(ByteBuffer.allocate(1000));
            write(store, "file", 10);
            await().atMost(Duration.ofMinutes(1)).until(store::sweep, count -> count == 1);

            assertFails(Kind.UNAVAILABLE, () -> readRest(read));
        }
        assertThat(rows("_chunks")).isEqualTo(1);
        assertThat(rows("_loose")).isZero();
    }

    @Test
    void shouldLeaveALiveWriterAlone() throws SQLException {
        JdbcStorage store = open(LONG);
        JdbcStorage other = open(LONG);

        store.write(at("file"), new EventSource(2 * MIB, MIB, () -> assertThat(other.sweep()).isZero()), 2 * MIB,
                WriteOptions.CREATE);

        try (ObjectRead read = store.open(at("file"))) {
            assertThat(readRest(read)).isEqualTo(expected(0, 2 * MIB));
        }
        assertThat(rows("_loose")).isZero();
    }

    /** Between two chunks, and behind the last whole one. */
    @ParameterizedTest
    @ValueSource(ints = {MIB, 2 * MIB + 5})
    void shouldLetNoWriterPublishThatWasTakenForDead(int eventAt) throws SQLException {
        JdbcStorage store = open(SHORT);
        JdbcStorage other = open(SHORT);
        EventSource source = new EventSource(2 * MIB + 10, eventAt,
                () -> await().atMost(Duration.ofMinutes(1)).until(other::sweep, count -> count == 1));

        StorageException failure = assertFails(Kind.UNAVAILABLE,
                () -> store.write(at("file"), source, 2 * MIB + 10, WriteOptions.CREATE));

        assertThat(failure).hasMessageContaining("given up");
        assertThat(names(store, ListOptions.RECURSIVE)).isEmpty();
        assertThat(rows("_chunks")).isZero();
    }

    @Test
    void shouldRemoveWhatADeadWriterLeft() throws SQLException {
        JdbcStorage store = open(LONG);
        write(store, "file", MIB);
        String version = "CAST('01234567-89ab-cdef-0123-456789abcdef' AS uuid)";
        database().execute("INSERT INTO \"" + table + "_loose\" VALUES (" + version + ", 1)");
        database().execute("INSERT INTO \"" + table + "_chunks\" SELECT " + version + ", n, data FROM "
                + String.format(database().series(), 150) + ", \"" + table + "_chunks\" WHERE chunk = 0");
        assertThat(rows("_chunks")).isEqualTo(154);

        assertThat(store.sweep()).isEqualTo(1);

        assertThat(rows("_chunks")).isEqualTo(4);
        assertThat(rows("_loose")).isZero();
    }

    @Test
    void shouldLeaveNoChunkOfAWriteWhoseSourceFailed() throws SQLException {
        JdbcStorage store = open(LONG);
        write(store, "other", 1);
        EventSource source = new EventSource(2 * MIB, MIB, () -> {
            throw new IOException("the source broke");
        });

        assertThatThrownBy(() -> store.write(at("file"), source, 2 * MIB, WriteOptions.CREATE))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(rows("_chunks")).isEqualTo(1);
        assertThat(rows("_loose")).isZero();
    }

    @Test
    void shouldCopyManyChunksIntoAVersionOfItsOwn() throws SQLException {
        JdbcStorage store = open(SHORT);
        int length = 17 * MIB + 5;
        write(store, "from", length);

        String etag = store.copy(at("from"), at("to"), false).etag();
        store.delete(at("from"), false);
        await().atMost(Duration.ofMinutes(1)).until(store::sweep, count -> count == 1);

        assertThat(store.info(at("to")).etag()).isEqualTo(etag);
        try (ObjectRead read = store.open(at("to"))) {
            assertThat(readRest(read)).isEqualTo(expected(0, length));
        }
        assertThat(rows("_chunks")).isEqualTo(69);
    }

    @Test
    void shouldKeepVersionAndTimesThroughAMove() {
        JdbcStorage store = open(LONG);
        write(store, "from", 10);
        ObjectInfo before = store.info(at("from"));

        store.move(at("from"), at("a/to"), false);

        assertThat(store.info(at("a/to")).etag()).isEqualTo(before.etag());
        assertThat(store.info(at("a/to")).lastModifiedMs()).isEqualTo(before.lastModifiedMs());
    }

    @Test
    void shouldRemoveALargeFolderWithAllItsVersions() throws SQLException {
        JdbcStorage store = open(LONG);
        database().populate(table, "big", 1_203);
        write(store, "big0", 1);

        assertThat(store.deleteRecursively(at("big"))).isEqualTo(1_203);

        assertThat(names(store, ListOptions.RECURSIVE)).containsExactly("big0");
        assertThat(rows("_loose")).isEqualTo(1_203);
    }

    @Test
    void shouldStepOverFoldersThatAreTooDeep() throws SQLException {
        JdbcStorage store = open(LONG);
        for (String folder : List.of("a/x", "b", "c/d/e", "c/f")) {
            database().populate(table, folder, 100);
        }
        write(store, "b.file", 1);
        write(store, "c/file", 1);
        write(store, "z", 1);

        for (int pageSize : new int[]{1, 7, 1000}) {
            ListOptions options = ListOptions.DIRECT.pageSize(pageSize);
            assertThat(names(store, options)).containsExactlyInAnyOrder("a/", "b/", "b.file", "c/", "z");
            assertThat(names(store, options.depth(1))).contains("a/x/", "c/d/", "c/f/", "c/file").hasSize(109);
        }
    }

    @Test
    void shouldNotShowRowsOfOthersThatNoPathLeadsTo() throws SQLException {
        JdbcStorage store = open(LONG);
        write(store, "fine/file", 1);
        for (String path : List.of("a//b", "/lead", "fine/", "fine/../x", "fine/./y", "back\\slash")) {
            database().execute("INSERT INTO \"" + table + "\" VALUES ('" + path + "', " + database().newVersion()
                    + ", 0, 262144, NULL, NULL, 1)");
        }

        assertThat(names(store, ListOptions.RECURSIVE.pageSize(1))).containsExactly("fine/", "fine/file");
    }

    @Test
    void shouldFailBeforeTheLastByteWhereChunksAreNotAsTheyShouldBe() throws SQLException {
        JdbcStorage store = open(LONG);
        for (String damage : List.of("UPDATE \"%s_chunks\" SET data = CAST('' AS bytea) WHERE chunk = 3",
                "DELETE FROM \"%s_chunks\" WHERE chunk = 3", "UPDATE \"%s\" SET length = length + 1",
                "UPDATE \"%s\" SET length = length - 1", "UPDATE \"%s\" SET chunk_length = 1000")) {
            write(store, "file", MIB);
            database().execute("DELETE FROM \"" + table + "_chunks\" WHERE version NOT IN (SELECT version FROM \""
                    + table
                    + "\")");
            database().execute(damage.replace("%s", table));

            try (ObjectRead read = store.open(at("file"))) {
                assertFails(Kind.UNAVAILABLE, () -> readRest(read));
            }
        }
    }

    @Test
    void shouldRefusePathsThatTheTableCannotHold() {
        JdbcStorage store = open(LONG);
        String longest = "n".repeat(PathKeys.MOST_BYTES - 2) + "\u00e9";

        write(store, longest, 1);
        assertFails(Kind.INVALID_PATH, () -> write(store, longest + "n", 1));
        assertFails(Kind.INVALID_PATH, () -> write(store, "half-\ud83e", 1));
        assertFails(Kind.INVALID_PATH, () -> store.open(at("half-\ud83e")));
        assertFails(Kind.INVALID_PATH, () -> store.list(at("half-\ud83e"), ListOptions.DIRECT).nextPage());

        assertThat(names(store, ListOptions.RECURSIVE)).containsExactly(longest);
    }
}
