package io.tiercel.storage.azure;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code azblob://container/prefix?account=A}. Threadsafe. */
public final class AzureStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("azblob");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        return AzureStorage.open(AzureLocation.of(uri, System.getenv()), clients);
    }
}
