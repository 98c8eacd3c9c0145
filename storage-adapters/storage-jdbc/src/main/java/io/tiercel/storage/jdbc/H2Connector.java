package io.tiercel.storage.jdbc;

import io.tiercel.storage.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;

/** Opens one H2 database inside this process. Threadsafe. */
final class H2Connector implements Engine.Connector {
    /**
     * A commit is on disk before it is acknowledged; the cache is small, since bodies pass through it and the heap has
     * better uses; the node closes the database itself, after its last call; no traces, which hold statements.
     */
    private static final String SETTINGS = ";WRITE_DELAY=0;CACHE_SIZE=2048;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
            + ";LOCK_TIMEOUT=";

    private final PoolConfiguration configuration;
    private final boolean inMemory;
    private volatile boolean create;
    private @Nullable Connection keeper;

    H2Connector(PoolConfiguration configuration) {
        this.configuration = configuration;
        this.inMemory = configuration.url().startsWith("jdbc:h2:mem:");
    }

    @Override
    public synchronized Connection connect() throws SQLException {
        if (inMemory && keeper == null) {
            // Such a database lives as long as its last connection, and the pool may come down to none.
            keeper = open();
        }
        return open();
    }

    @Override
    public void mayCreate() {
        create = true;
    }

    @Override
    public synchronized void close() {
        Connection last = keeper;
        keeper = null;
        if (last != null) {
            try {
                last.close();
            } catch (SQLException e) {
                // It was in memory alone: nothing is lost that was to be kept.
                return;
            }
        }
    }

    private Connection open() throws SQLException {
        Properties properties = new Properties();
        String user = configuration.user();
        Secret password = configuration.password();
        properties.setProperty("user", user == null ? "sa" : user);
        properties.setProperty("password", password == null ? "" : password.reveal());
        String exists = create || inMemory ? "" : ";IFEXISTS=TRUE";
        Connection connection = new Driver()
                .connect(configuration.url() + SETTINGS + configuration.timeoutMs() + exists, properties);
        if (connection == null) {
            throw new SQLException("the driver does not take the URL", "08001");
        }
        return connection;
    }
}
