package io.tiercel.storage.jdbc;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.Driver;

/** A PostgreSQL of the test's own, on a free port, with its data in a folder of the test's. Not threadsafe. */
final class PostgresServer implements TestDatabase, AutoCloseable {
    private final Path data;
    private EmbeddedPostgres server;

    private PostgresServer(Path data, EmbeddedPostgres server) {
        this.data = data;
        this.server = server;
    }

    /** Starts one; where none can be, the test is skipped with the reason. */
    static PostgresServer start(Path folder) {
        Path data = folder.resolve("postgres");
        EmbeddedPostgres server;
        try {
            server = builder(data).start();
        } catch (IOException | RuntimeException e) {
            Assumptions.abort("no PostgreSQL can be started here: " + e);
            throw new IllegalStateException(e);
        }
        return new PostgresServer(data, server);
    }

    private static EmbeddedPostgres.Builder builder(Path data) {
        // Commits as a server does that was not made for tests: what it acknowledges survives its process.
        return EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2));
    }

    int port() {
        return server.getPort();
    }

    @Override
    public String uri(String table) {
        return uriAt(port(), table);
    }

    /** Asks this user for a password from now on. */
    void demandPassword(String user) throws IOException, SQLException {
        Path rules = data.resolve("pg_hba.conf");
        Files.writeString(rules, "host all " + user + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        execute("SELECT pg_reload_conf()");
    }

    /** The same database through another port. */
    static String uriAt(int port, String table) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&table=" + table;
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        Connection connection = new Driver().connect("jdbc:postgresql://localhost:" + port() + "/postgres", properties);
        if (connection == null) {
            throw new SQLException("no connection to the server");
        }
        return connection;
    }

    @Override
    public String series() {
        return "generate_series(0, %d - 1) AS numbers (n)";
    }

    @Override
    public String newVersion() {
        return "gen_random_uuid()";
    }

    /** Kills its main process, as nobody would who means well. */
    void kill() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().trim());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        // What started it still holds the folder.
        server.close();
    }

    /** Starts it again on the same data and the same port. */
    void startAgain() {
        int port = port();
        // The killed one's children may still be leaving.
        server = await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(
                () -> builder(data).setPort(port).start(), Objects::nonNull);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
