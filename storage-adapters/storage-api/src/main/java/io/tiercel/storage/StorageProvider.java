package io.tiercel.storage;

import java.net.URI;
import java.util.Set;

/**
 * Makes adapters of the URIs of its schemes; found through {@link java.util.ServiceLoader}. Its class stays small: it is
 * loaded to learn the schemes, the adapter and its SDK only when one is opened. Threadsafe.
 */
public interface StorageProvider {
    /** In lower case, without the colon. */
    Set<String> schemes();

    /**
     * Opens a store and looks whether it is there, as far as that is cheap.
     *
     * @param uri one of {@link #schemes}, without user's password and fragment.
     * @throws IllegalArgumentException when the URI is not what the scheme takes, without repeating a secret.
     * @throws StorageException when the store is not there or refuses us.
     */
    StorageAdapter open(URI uri);
}
