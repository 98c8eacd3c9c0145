package io.tiercel.storage.memory;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.StorageAdapterContract;
import org.jspecify.annotations.NullMarked;

@NullMarked
class MemoryStorageContractTest extends StorageAdapterContract {
    @Override
    protected StorageAdapter openEmpty() {
        return new MemoryStorage("memory:", 1 << 28);
    }
}
