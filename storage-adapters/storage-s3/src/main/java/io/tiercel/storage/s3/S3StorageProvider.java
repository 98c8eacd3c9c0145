package io.tiercel.storage.s3;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code s3://bucket/prefix}. Knows nothing of the SDK, so that it is not loaded before it is used. Threadsafe. */
public final class S3StorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("s3");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        return S3Storage.open(S3Location.of(uri), clients);
    }
}
