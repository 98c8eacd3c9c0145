package io.tiercel.storage.jdbc;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

class H2StorageContractTest extends StorageAdapterContract {
    private final SharedClients clients = new SharedClients(0);
    private final SharedClients others = new SharedClients(0);
    private final TestDatabase database = new H2Database("mem:contract-" + UUID.randomUUID());

    @AfterEach
    void closeClients() {
        clients.close();
        others.close();
    }

    @Override
    protected StorageAdapter openEmpty() {
        return database.open("blobs", clients);
    }

    @Override
    public StorageAdapter openAnother() {
        return database.open("blobs", others);
    }

    @Override
    public boolean keepsEmptyFolders() {
        return false;
    }

    @Override
    public void populate(String folder, int count) throws SQLException {
        store().ping();
        database.populate("blobs", folder, count);
    }
}
