package io.tiercel.storage.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one database, at most so many; none is made before it is needed. Threadsafe.
 *
 * <p>HikariCP goes on connecting for as long as somebody waits. Here a call is one try: it admits one connection to be
 * attempted, and fails when that fails, with what the driver said.
 */
final class ConnectionPool implements AutoCloseable {
    /** The shortest wait that HikariCP takes: after each of them a call looks whether connecting has failed. */
    private static final long SLICE_MS = 250;
    /** A server need not keep for us what nobody uses, and an embedded database is left to others. */
    private static final long IDLE_MS = TimeUnit.MINUTES.toMillis(1);
    /** Shorter than what firewalls and balancers cut connections after without a word. */
    private static final long LIFETIME_MS = TimeUnit.MINUTES.toMillis(30);

    private final PoolConfiguration configuration;
    private final AdmittedConnections source;
    private final HikariDataSource pool;

    ConnectionPool(PoolConfiguration configuration) {
        this.configuration = configuration;
        this.source = new AdmittedConnections(configuration.engine().connector(configuration));
        HikariConfig config = new HikariConfig();
        config.setPoolName("jdbc-" + configuration.engine());
        config.setDataSource(source);
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(configuration.connections());
        config.setConnectionTimeout(SLICE_MS);
        config.setValidationTimeout(Math.max(SLICE_MS, configuration.timeoutMs() / 2));
        config.setIdleTimeout(IDLE_MS);
        config.setMaxLifetime(LIFETIME_MS);
        this.pool = new HikariDataSource(config);
    }

    /**
     * A connection; its caller closes it, which gives it back.
     *
     * @throws SQLException of the driver when there was none and none could be made; with state 53300 when all stayed in
     *     use for too long.
     */
    Connection borrow() throws SQLException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(configuration.timeoutMs());
        long failuresBefore = source.admit();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                source.requireNoneFailedSince(failuresBefore);
                if (System.nanoTime() - deadlineNs >= 0) {
                    throw new SQLTransientConnectionException("no connection became free in time", "53300", e);
                }
            }
        }
    }

    /** Has connections that nobody uses now made anew: the server they led to is gone. */
    void renew() {
        if (!pool.isClosed()) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** From now on a database that is missing is made, where the engine can. */
    void mayCreate() {
        source.mayCreate();
    }

    boolean isInterruptible() {
        return configuration.engine().isInterruptible();
    }

    Engine engine() {
        return configuration.engine();
    }

    /** Connections that calls hold now. */
    int activeCount() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    @Override
    public void close() {
        pool.close();
        source.close();
    }
}
