package io.tiercel.storage.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The three tables of a store and the statements on them. Immutable and threadsafe; each method runs on the connection that
 * it is given, in whatever transaction that is.
 *
 * <pre>
 *   T          path primary key -> version, length, chunk_length, content_type, metadata, modified_ms
 *   T_chunks   (version, chunk) primary key -> data; chunk counts from 0
 *   T_loose    version primary key -> expires_ms: versions that no path leads to, being written or replaced
 * </pre>
 *
 * Invariant: the version of every chunk is in T or in T_loose, never in both, at the end of every transaction. So a reader
 * sees whole versions alone, and what a dead writer left is found without a look at the chunks. An {@code expires_ms} of 0
 * says that the version is being removed: nothing brings it back. Clocks are the database's.
 */
final class BlobTable {
    private static final String COLUMNS = "path, version, length, chunk_length, content_type, metadata, modified_ms";
    private static final String LISTED = COLUMNS.replace("metadata", "CAST(NULL AS varchar)");
    private static final String NOW_MS = "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS bigint)";

    private final Engine engine;
    private final String objects;
    private final String chunks;
    private final String loose;

    /** @param table [SCHEMA.]TABLE, each part letters, digits and {@code _} alone. */
    BlobTable(Engine engine, String table) {
        this.engine = engine;
        this.objects = quoted(table);
        this.chunks = quoted(table + "_chunks");
        this.loose = quoted(table + "_loose");
    }

    private static String quoted(String name) {
        return '"' + name.replace(".", "\".\"") + '"';
    }

    /** Makes the tables that are missing. */
    boolean create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + objects + " (path " + engine.pathType()
                    + " PRIMARY KEY, version uuid NOT NULL, length bigint NOT NULL, chunk_length integer NOT NULL,"
                    + " content_type " + engine.textType() + ", metadata " + engine.textType()
                    + ", modified_ms bigint NOT NULL)");
            statement.execute("CREATE TABLE IF NOT EXISTS " + chunks
                    + " (version uuid NOT NULL, chunk bigint NOT NULL, data bytea NOT NULL, PRIMARY KEY (version, chunk))");
            statement.execute("CREATE TABLE IF NOT EXISTS " + loose
                    + " (version uuid PRIMARY KEY, expires_ms bigint NOT NULL)");
            if (!engine.tuning().isEmpty()) {
                statement.execute("ALTER TABLE " + chunks + ' ' + engine.tuning());
            }
        }
        return true;
    }

    /** Asks the table for nothing. */
    boolean look(Connection connection) throws SQLException {
        return find(connection, "").isEmpty();
    }

    Optional<Row> find(Connection connection, String path) throws SQLException {
        return rowOf(connection, "SELECT " + COLUMNS + " FROM " + objects + " WHERE path = ?", path);
    }

    /** As {@link #find}; nobody else changes what stands at the path before the transaction ends. */
    Optional<Row> lock(Connection connection, String path) throws SQLException {
        return rowOf(connection, "SELECT " + COLUMNS + " FROM " + objects + " WHERE path = ? FOR UPDATE", path);
    }

    private static Optional<Row> rowOf(Connection connection, String sql, String path) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, path);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(row(result)) : Optional.empty();
            }
        }
    }

    /** An object and the chunk that holds an offset, from one version; no chunk where the offset is behind the end. */
    static final class Opened {
        private final Row row;
        private final byte @Nullable [] chunk;

        private Opened(Row row, byte @Nullable [] chunk) {
            this.row = row;
            this.chunk = chunk;
        }

        Row row() {
            return row;
        }

        /** Handed over: not kept here for others. */
        byte @Nullable [] chunk() {
            return chunk;
        }
    }

    Optional<Opened> open(Connection connection, String path, long offset) throws SQLException {
        String sql = "SELECT " + COLUMNS.replace("version", "o.version") + ", c.data FROM " + objects + " o LEFT JOIN "
                + chunks + " c ON c.version = o.version AND c.chunk = CAST(? AS bigint) / o.chunk_length"
                + " WHERE o.path = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, offset);
            statement.setString(2, path);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(new Opened(row(result), result.getBytes(8))) : Optional.empty();
            }
        }
    }

    Optional<byte[]> chunk(Connection connection, UUID version, long number) throws SQLException {
        String sql = "SELECT data FROM " + chunks + " WHERE version = ? AND chunk = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, version);
            statement.setLong(2, number);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        }
    }

    /** Objects in the order of their paths, with only what a listing shows. */
    List<Row> page(Connection connection, PathRange range, int limit) throws SQLException {
        String sql = "SELECT " + LISTED + " FROM " + objects + range.condition() + " ORDER BY path LIMIT ?";
        return rows(connection, sql, range, limit);
    }

    /** As {@link #page}; nobody else changes these before the transaction ends. */
    List<Row> lockPage(Connection connection, PathRange range, int limit) throws SQLException {
        String sql = "SELECT " + LISTED + " FROM " + objects + range.condition() + " ORDER BY path LIMIT ? FOR UPDATE";
        return rows(connection, sql, range, limit);
    }

    private static List<Row> rows(Connection connection, String sql, PathRange range, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = range.bind(statement);
            statement.setInt(next, limit);
            try (ResultSet result = statement.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(row(result));
                }
                return rows;
            }
        }
    }

    void insert(Connection connection, Row row) throws SQLException {
        String sql = "INSERT INTO " + objects
                + " (version, length, chunk_length, content_type, metadata, modified_ms, path)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)";
        put(connection, sql, row);
    }

    /** Has the path lead to another version. */
    void replace(Connection connection, Row row) throws SQLException {
        String sql = "UPDATE " + objects + " SET version = ?, length = ?, chunk_length = ?, content_type = ?,"
                + " metadata = ?, modified_ms = ? WHERE path = ?";
        put(connection, sql, row);
    }

    private static void put(Connection connection, String sql, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, row.version());
            statement.setLong(2, row.length());
            statement.setInt(3, row.chunkLength());
            statement.setString(4, row.contentType());
            statement.setString(5, row.metadata());
            statement.setLong(6, row.modifiedMs());
            statement.setString(7, row.path());
            statement.executeUpdate();
        }
    }

    void rename(Connection connection, String from, String to) throws SQLException {
        update(connection, "UPDATE " + objects + " SET path = ? WHERE path = ?", to, from);
    }

    /** Takes the objects away; their versions are loose from then on. */
    void remove(Connection connection, List<Row> rows, long keptMs) throws SQLException {
        String loosen = "INSERT INTO " + loose + " (version, expires_ms) VALUES (?, " + NOW_MS
                + " + CAST(? AS bigint))";
        try (PreparedStatement adding = connection.prepareStatement(loosen);
                PreparedStatement removing = connection
                        .prepareStatement("DELETE FROM " + objects + " WHERE path = ?")) {
            for (Row row : rows) {
                adding.setObject(1, row.version());
                adding.setLong(2, keptMs);
                adding.addBatch();
                removing.setString(1, row.path());
                removing.addBatch();
            }
            adding.executeBatch();
            removing.executeBatch();
        }
    }

    void putChunk(Connection connection, UUID version, long number, byte[] data) throws SQLException {
        String sql = "INSERT INTO " + chunks + " (version, chunk, data) VALUES (?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, version);
            statement.setLong(2, number);
            engine.bind(statement, 3, data);
            statement.executeUpdate();
        }
    }

    /** Copies the chunks of a version from a number up to another; tells how many there were. */
    int copyChunks(Connection connection, UUID from, UUID to, long first, long end) throws SQLException {
        return update(connection, "INSERT INTO " + chunks
                + " (version, chunk, data) SELECT CAST(? AS uuid), chunk, data"
                + " FROM " + chunks + " WHERE version = ? AND chunk >= ? AND chunk < ?", to, from, first, end);
    }

    /** Begins the life of a version without a path. */
    void addLoose(Connection connection, UUID version, long keptMs) throws SQLException {
        update(connection, "INSERT INTO " + loose + " (version, expires_ms) VALUES (?, " + NOW_MS
                + " + CAST(? AS bigint))", version, keptMs);
    }

    /** Lengthens it; false when it is over. */
    boolean renew(Connection connection, UUID version, long keptMs) throws SQLException {
        return update(connection, "UPDATE " + loose + " SET expires_ms = " + NOW_MS
                + " + CAST(? AS bigint) WHERE version = ? AND expires_ms > 0", keptMs, version) == 1;
    }

    /** Ends it, since a path will lead to the version; false when it is over. */
    boolean takeLoose(Connection connection, UUID version) throws SQLException {
        return update(connection, "DELETE FROM " + loose + " WHERE version = ? AND expires_ms > 0", version) == 1;
    }

    /** Versions whose time is over, the first few. */
    List<UUID> expired(Connection connection, int limit) throws SQLException {
        String sql = "SELECT version FROM " + loose + " WHERE expires_ms < " + NOW_MS + " LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            try (ResultSet result = statement.executeQuery()) {
                List<UUID> versions = new ArrayList<>();
                while (result.next()) {
                    versions.add(result.getObject(1, UUID.class));
                }
                return versions;
            }
        }
    }

    /** Marks a version as being removed; false when it was renewed or taken meanwhile. */
    boolean condemn(Connection connection, UUID version, boolean onlyExpired) throws SQLException {
        String condition = onlyExpired ? " AND expires_ms < " + NOW_MS : "";
        return update(connection, "UPDATE " + loose + " SET expires_ms = 0 WHERE version = ?" + condition,
                version) == 1;
    }

    /** Removes some chunks of a condemned version; tells how many. */
    int removeChunks(Connection connection, UUID version, int limit) throws SQLException {
        return update(connection, "DELETE FROM " + chunks + " WHERE version = ? AND chunk IN (SELECT chunk FROM "
                + chunks
                + " WHERE version = ? ORDER BY chunk LIMIT ?)", version, version, limit);
    }

    void forget(Connection connection, UUID version) throws SQLException {
        update(connection, "DELETE FROM " + loose + " WHERE version = ? AND expires_ms = 0", version);
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private static Row row(ResultSet result) throws SQLException {
        return new Row(result.getString(1), result.getObject(2, UUID.class), result.getLong(3),
                Math.max(1, result.getInt(4)), result.getString(5), result.getString(6), result.getLong(7));
    }
}
