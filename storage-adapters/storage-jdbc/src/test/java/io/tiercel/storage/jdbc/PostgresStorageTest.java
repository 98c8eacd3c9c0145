package io.tiercel.storage.jdbc;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresStorageTest extends TableBehaviour {
    @TempDir
    static Path folder;
    private static @Nullable PostgresServer running;

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

    @Override
    TestDatabase database() {
        return requireNonNull(running, "started before all tests");
    }
}
