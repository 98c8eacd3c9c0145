package io.tiercel.storage.jdbc;

import io.tiercel.storage.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Connects to one PostgreSQL database. Threadsafe. */
final class PostgresConnector implements Engine.Connector {
    /** What the server's own timeout has to be told to us in, before the socket's ends the connection. */
    private static final int SOCKET_MARGIN_S = 2;

    private final Driver driver = new Driver();
    private final PoolConfiguration configuration;

    PostgresConnector(PoolConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = driver.connect(configuration.url(), properties());
        if (connection == null) {
            throw new SQLException("the driver does not take the URL", "08001");
        }
        return connection;
    }

    private Properties properties() {
        Properties properties = new Properties();
        configuration.driverParameters().forEach(properties::setProperty);
        String user = configuration.user();
        if (user != null) {
            PGProperty.USER.set(properties, user);
        }
        Secret password = configuration.password();
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password.reveal());
        }
        int timeoutMs = configuration.timeoutMs();
        int timeoutS = (int) TimeUnit.MILLISECONDS.toSeconds(timeoutMs + 999L);
        // A host that does not answer must not hold the pool's one connecting thread.
        PGProperty.CONNECT_TIMEOUT.set(properties, timeoutS);
        PGProperty.LOGIN_TIMEOUT.set(properties, timeoutS);
        // The server ends a statement by itself, and a transaction whose node has died with locks in its hands; the
        // socket's timeout is for a server that does not answer at all.
        PGProperty.OPTIONS.set(properties, "-c statement_timeout=" + timeoutMs + " -c lock_timeout=" + timeoutMs
                + " -c idle_in_transaction_session_timeout=" + timeoutMs);
        PGProperty.SOCKET_TIMEOUT.set(properties, timeoutS + SOCKET_MARGIN_S);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, timeoutS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, "tiercel");
        PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
        return properties;
    }
}
