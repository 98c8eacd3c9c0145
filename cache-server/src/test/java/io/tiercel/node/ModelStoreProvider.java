package io.tiercel.node;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Opens {@code model:NAME}: a store that a test has made and keeps, whatever node comes and goes. Threadsafe. */
public final class ModelStoreProvider implements StorageProvider {
    static final String SCHEME = "model";

    private static final Map<String, Supplier<StorageAdapter>> STORES = new ConcurrentHashMap<>();

    /** Has a store found under a name that no other test has. */
    static URI register(String name, StorageAdapter store) {
        return register(name, () -> store);
    }

    /** Has a store opened by a test each time, under a name that no other test has. */
    static URI register(String name, Supplier<StorageAdapter> opening) {
        STORES.put(name, opening);
        return URI.create(SCHEME + ':' + name);
    }

    static void forget(String name) {
        STORES.remove(name);
    }

    @Override
    public Set<String> schemes() {
        return Set.of(SCHEME);
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        return Objects.requireNonNull(STORES.get(uri.getSchemeSpecificPart()), "no test made this store").get();
    }
}
