package io.tiercel.storage.memory;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.ListingCostContract;
import io.tiercel.storage.contract.ListingFigures;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** What a listing adds to a store that holds all of the objects itself. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryListingFiguresTest extends ListingFigures {
    private final StorageAdapter store = new MemoryStorage("memory:", 1L << 30);

    @BeforeAll
    void populate() {
        populate(FEW_FOLDER, FEW);
        populate(MANY_FOLDER, MANY);
    }

    private void populate(String folder, int count) {
        for (int i = 0; i < count; i++) {
            store.write(StorePath.of(folder + '/' + ListingCostContract.objectName(i)), ByteBuffer.allocate(1),
                    WriteOptions.CREATE);
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    @Override
    protected StorageAdapter store() {
        return store;
    }

    @Override
    protected int objectLength() {
        return 1;
    }
}
