package io.tiercel.storage.jdbc;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresStorageContractTest extends StorageAdapterContract {
    private static final AtomicInteger TABLES = new AtomicInteger();

    @TempDir
    static Path folder;
    private static @Nullable PostgresServer running;

    private final SharedClients clients = new SharedClients(0);
    private final SharedClients others = new SharedClients(0);
    private final String table = "blobs_" + TABLES.incrementAndGet();

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

    private static PostgresServer server() {
        return requireNonNull(running, "started before all tests");
    }

    @AfterEach
    void closeClients() {
        clients.close();
        others.close();
    }

    @Override
    protected StorageAdapter openEmpty() {
        return server().open(table, clients);
    }

    @Override
    public StorageAdapter openAnother() {
        return server().open(table, others);
    }

    @Override
    public boolean keepsEmptyFolders() {
        return false;
    }

    @Override
    public void populate(String path, int count) throws SQLException {
        server().populate(table, path, count);
    }
}
