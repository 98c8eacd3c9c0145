package io.tiercel.storage.azure;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.StorageAdapterContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** On Azurite; listings of very many objects on {@link StubServer}, since Azurite takes milliseconds to take in each. */
class AzureStorageContractTest extends StorageAdapterContract {
    private final SharedClients clients = new SharedClients(1);
    private String container = "";
    private @Nullable StubServer listings;
    private @Nullable StorageAdapter listed;

    @Override
    protected StorageAdapter openEmpty() {
        container = Azurite.shared().newContainer();
        return Azurite.shared().open(container, clients);
    }

    @Override
    public StorageAdapter openAnother() {
        return Azurite.shared().open(container, clients);
    }

    @Override
    public boolean keepsEmptyFolders() {
        return false;
    }

    @Override
    public StorageAdapter store() {
        return listed == null ? super.store() : listed;
    }

    @Override
    public void populate(String folder, int count) throws Exception {
        if (listings == null) {
            listings = StubServer.start();
            listed = AzureStorage.open(Azurite.location("container", StorePath.ROOT,
                    Azurite.configuration(listings.endpoint())), clients);
        }
        listings.populate(folder, count);
    }

    @AfterEach
    void stop() {
        if (listed != null) {
            listed.close();
        }
        clients.close();
        if (listings != null) {
            listings.close();
        }
    }
}
