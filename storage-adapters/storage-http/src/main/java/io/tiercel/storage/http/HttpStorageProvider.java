package io.tiercel.storage.http;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code http://host/prefix} and {@code https://host/prefix}. Threadsafe. */
public final class HttpStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("http", "https");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        return HttpStorage.open(uri, clients);
    }
}
