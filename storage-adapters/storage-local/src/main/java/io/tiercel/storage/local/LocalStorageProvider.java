package io.tiercel.storage.local;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Opens {@code file:///dir}: an absolute directory, nothing else. Threadsafe. */
public final class LocalStorageProvider implements StorageProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public StorageAdapter open(URI uri, SharedClients clients) {
        String path = uri.getPath();
        if (uri.getRawAuthority() != null || path == null || !path.startsWith("/")) {
            throw new IllegalArgumentException("store=" + uri + " names no absolute directory, as file:///dir does");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("store=" + uri + " takes no parameters (a '?' in a name is %3F)");
        }
        try {
            return LocalStorage.open(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("store=" + uri + " is no path of this system: " + e.getReason(), e);
        }
    }
}
