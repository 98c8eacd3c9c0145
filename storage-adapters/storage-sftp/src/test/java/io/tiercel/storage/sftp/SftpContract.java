package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.contract.ListingCostContract;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on whichever server. */
abstract class SftpContract extends StorageAdapterContract {
    private final StorageProviders providers = StorageProviders.load();

    @TempDir(factory = MemoryFolder.class)
    Path directory;

    abstract SftpServer server();

    @AfterEach
    void closeClients() {
        providers.close();
    }

    @Override
    protected StorageAdapter openEmpty() {
        return providers.open(server().uri(directory));
    }

    @Override
    public StorageAdapter openAnother() {
        return openEmpty();
    }

    /** Without a request each. */
    @Override
    public void populate(String folder, int count) throws IOException {
        Path target = Files.createDirectory(directory.resolve(folder));
        for (int i = 0; i < count; i++) {
            Files.createFile(target.resolve(ListingCostContract.objectName(i)));
        }
    }
}
