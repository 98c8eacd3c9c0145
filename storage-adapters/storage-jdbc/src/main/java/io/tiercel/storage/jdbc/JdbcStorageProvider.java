package io.tiercel.storage.jdbc;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code jdbc:postgresql://host/db?table=T} and {@code jdbc:h2:...}, as {@link JdbcUri} reads them. Threadsafe. */
public final class JdbcStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("jdbc");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        JdbcUri parsed = JdbcUri.of(uri);
        return new JdbcStorage(parsed.name(), parsed.table(), clients.acquire(parsed.pool()), parsed.keeping());
    }
}
