package io.tiercel.storage.jdbc;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The databases there are, and what differs between them. Threadsafe.
 *
 * <p>A driver's classes load with the first connection of its kind.
 */
enum Engine {
    /** Paths sort by their bytes, whatever the database's language; bodies are kept uncompressed, out of the row. */
    POSTGRESQL("text COLLATE \"C\"", "text", "ALTER COLUMN data SET STORAGE EXTERNAL", true) {
        @Override
        Connector connector(PoolConfiguration configuration) {
            return new PostgresConnector(configuration);
        }

        // The driver copies an array; a stream it sends in small portions.
        @Override
        void bind(PreparedStatement statement, int index, byte[] data) throws SQLException {
            statement.setBinaryStream(index, new ByteArrayInputStream(data), data.length);
        }
    },
    /** Paths sort by their characters. An interrupt in its file would close the database for everybody. */
    H2("varchar", "varchar", "", false) {
        @Override
        Connector connector(PoolConfiguration configuration) {
            return new H2Connector(configuration);
        }
    };

    /** Makes the connections of one pool. Threadsafe. */
    interface Connector extends AutoCloseable {
        /** A new connection; blocks no longer than the configuration's timeout. */
        Connection connect() throws SQLException;

        /** From now on a database that is missing is made, where the engine can. */
        default void mayCreate() {}

        /** Gives back what the connector itself holds. Never fails. */
        @Override
        default void close() {}
    }

    private final String pathType;
    private final String textType;
    private final String tuning;
    private final boolean interruptible;

    Engine(String pathType, String textType, String tuning, boolean interruptible) {
        this.pathType = pathType;
        this.textType = textType;
        this.tuning = tuning;
        this.interruptible = interruptible;
    }

    abstract Connector connector(PoolConfiguration configuration);

    /** Sets a parameter to bytes, which stay as they are until the statement was executed. */
    void bind(PreparedStatement statement, int index, byte[] data) throws SQLException {
        statement.setBytes(index, data);
    }

    String pathType() {
        return pathType;
    }

    String textType() {
        return textType;
    }

    /** How the table of chunks is altered once it is made; empty for not at all. */
    String tuning() {
        return tuning;
    }

    /** Whether an interrupt of a thread in the driver ends what it does and harms nobody else. */
    boolean isInterruptible() {
        return interruptible;
    }
}
