package io.tiercel.storage.memory;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code memory:}, each time an empty store that may fill half of the heap. Threadsafe. */
public final class MemoryStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        String rest = uri.getRawSchemeSpecificPart();
        if (!rest.equals(".") || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("store=memory: takes nothing after the colon");
        }
        return new MemoryStorage("memory:", Runtime.getRuntime().maxMemory() / 2);
    }
}
