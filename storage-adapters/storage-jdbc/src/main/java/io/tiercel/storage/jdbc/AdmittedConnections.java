package io.tiercel.storage.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the pool gets its connections: after a failure none is attempted before a call asks for it again, however often the
 * pool tries. Threadsafe.
 */
final class AdmittedConnections implements DataSource, AutoCloseable {
    private final Engine.Connector connector;
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable SQLException refused;
    private volatile @Nullable SQLException lastFailure;

    AdmittedConnections(Engine.Connector connector) {
        this.connector = connector;
    }

    /** Lets the next connection be attempted; tells how many have failed so far. */
    long admit() {
        long before = failures.get();
        refused = null;
        return before;
    }

    /** Throws what the driver said last when an attempt has failed since. */
    void requireNoneFailedSince(long failuresBefore) throws SQLException {
        SQLException last = lastFailure;
        if (failures.get() != failuresBefore && last != null) {
            throw last;
        }
    }

    void mayCreate() {
        connector.mayCreate();
    }

    @Override
    public Connection getConnection() throws SQLException {
        SQLException before = refused;
        if (before != null) {
            throw before;
        }
        try {
            return connector.connect();
        } catch (SQLException e) {
            lastFailure = e;
            refused = e;
            failures.incrementAndGet();
            // Ends the pool's loop of attempts, which would go on ever more slowly while anybody waits: this is its thread,
            // and it takes the flag for its end and clears it.
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // Nothing is written.
    }

    /** Left alone: the connector has its own, and the pool's is a slice of a wait. */
    @Override
    public void setLoginTimeout(int seconds) {
        // See above.
    }

    /** How long the pool's close waits for its connecting thread, before it warns that there still is one. */
    @Override
    public int getLoginTimeout() {
        return 1;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("no " + type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    @Override
    public void close() {
        connector.close();
    }
}
