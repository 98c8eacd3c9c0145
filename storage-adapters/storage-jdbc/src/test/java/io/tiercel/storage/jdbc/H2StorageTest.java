package io.tiercel.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StorageTest extends TableBehaviour {
    @TempDir
    Path folder;

    @Override
    TestDatabase database() {
        // Its tests look in while the store has the file open, which H2 lets within one process.
        return new H2Database("file:" + folder.resolve("db"));
    }

    private StorageAdapter open(SharedClients clients, String parameters) {
        return new JdbcStorageProvider().open(URI.create(database().uri("t") + parameters), clients);
    }

    @Test
    void shouldMakeTheFileWithTheFirstWriteAlone() {
        try (SharedClients clients = new SharedClients(0); StorageAdapter store = open(clients, "")) {
            store.ping();
            store.delete(StorePath.of("x"), true);
            assertThat(folder).isEmptyDirectory();

            store.write(StorePath.of("x"), ByteBuffer.allocate(1), WriteOptions.CREATE);
            assertThat(folder).isNotEmptyDirectory();
        }
    }

    @Test
    void shouldFindWhatItKeptWhenItIsOpenedAgain() {
        for (int i = 0; i < 3; i++) {
            try (SharedClients clients = new SharedClients(0); StorageAdapter store = open(clients, "")) {
                assertThat(store.totals(StorePath.ROOT).count()).isEqualTo(i);
                store.write(StorePath.of("file-" + i), ByteBuffer.allocate(10), WriteOptions.CREATE);
            }
        }
    }

    @Test
    void shouldRefuseAWrongUser() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(connection.isValid(1)).isTrue();
            try (SharedClients clients = new SharedClients(0); StorageAdapter store = open(clients, "&user=nobody")) {
                assertFails(Kind.PERMISSION_DENIED, store::ping);
                assertFails(Kind.PERMISSION_DENIED, () -> store.open(StorePath.of("x")));
            }
        }
    }

    @Test
    void shouldGoOnAfterAnInterruptedCall() {
        try (SharedClients clients = new SharedClients(0); StorageAdapter store = open(clients, "")) {
            StorePath path = StorePath.of("x");
            store.write(path, ByteBuffer.allocate(10), WriteOptions.CREATE);
            EventSource source = new EventSource(3_000_000, 1_500_000, () -> Thread.currentThread().interrupt());

            try {
                assertFails(Kind.UNAVAILABLE, () -> store.write(path, source, 3_000_000, WriteOptions.REPLACE));
            } finally {
                assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
            }

            assertThat(store.info(path).length()).isEqualTo(10);
        }
    }
}
