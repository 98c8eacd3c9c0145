package io.tiercel.storage.jdbc;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.ListingCostContract;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** A database that a test uses through a store and behind its back. Threadsafe. */
interface TestDatabase {
    /** The URI of a store on one of its tables. */
    String uri(String table);

    /** A connection of the test's own, closed by it. */
    Connection connect() throws SQLException;

    /** Rows in a row: {@code %s} is the column of numbers from 0, {@code %d} how many. */
    String series();

    /** A function that gives a version. */
    String newVersion();

    default StorageAdapter open(String table, SharedClients clients) {
        return new JdbcStorageProvider().open(URI.create(uri(table)), clients);
    }

    /** Puts empty objects into a folder by one statement, named as the listing's contract has it. */
    default void populate(String table, String folder, int count) throws SQLException {
        String name = ListingCostContract.objectName(0).replaceFirst("0+$", "");
        String rows = String.format(Locale.ROOT, series(), count);
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            new BlobTable(engine(), table).create(connection);
            statement.execute("INSERT INTO \"" + table
                    + "\" (path, version, length, chunk_length, modified_ms) SELECT '"
                    + folder + "/" + name + "' || LPAD(CAST(n AS varchar), 7, '0'), " + newVersion()
                    + ", 0, 262144, 1 FROM " + rows);
        }
    }

    default Engine engine() {
        return uri("t").startsWith("jdbc:h2:") ? Engine.H2 : Engine.POSTGRESQL;
    }

    /** The one number that a query gives. */
    default long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    default void execute(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
