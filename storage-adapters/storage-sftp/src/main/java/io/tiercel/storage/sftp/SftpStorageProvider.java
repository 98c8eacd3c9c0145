package io.tiercel.storage.sftp;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.util.Set;

/** Opens {@code sftp://user@host:port/dir}. Threadsafe. */
public final class SftpStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("sftp");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        return SftpStorage.open(SftpLocation.of(uri), clients);
    }
}
