package io.tiercel.storage.local;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.ListingCostContract;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageContractTest extends StorageAdapterContract {
    @TempDir
    Path directory;

    @Override
    protected StorageAdapter openEmpty() {
        return LocalStorage.open(directory);
    }

    @Override
    public StorageAdapter openAnother() {
        return LocalStorage.open(directory);
    }

    /** Without a write to disk each. */
    @Override
    public void populate(String folder, int count) throws IOException {
        Path target = Files.createDirectory(directory.resolve(folder));
        for (int i = 0; i < count; i++) {
            Files.createFile(target.resolve(ListingCostContract.objectName(i)));
        }
    }
}
