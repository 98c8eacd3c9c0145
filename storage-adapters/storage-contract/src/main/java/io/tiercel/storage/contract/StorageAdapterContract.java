package io.tiercel.storage.contract;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.StorageAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * All topics of the contract. A subclass says how an empty store is opened; it overrides {@link #seed} where the adapter
 * cannot write, {@link #openAnother} where processes may share a store, {@link #populate} where there is a faster way to
 * many objects, {@link #keepsEmptyFolders} where folders are only parts of names.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class StorageAdapterContract
        implements
            PathContract,
            ReadContract,
            RangeContract,
            InfoContract,
            WriteContract,
            AtomicWriteContract,
            MetadataContract,
            DeleteContract,
            TransferContract,
            ListingContract,
            ListingCostContract,
            SearchContract,
            ConcurrencyContract,
            LifecycleContract {
    private @Nullable StorageAdapter store;

    /** Opens a store with nothing in it. Called once a test; the suite closes it. */
    protected abstract StorageAdapter openEmpty() throws Exception;

    @BeforeEach
    final void openStore() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    final void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    @Override
    public StorageAdapter store() {
        return requireNonNull(store, "the store is opened before each test");
    }

    @Override
    public boolean keepsEmptyFolders() {
        return true;
    }
}
