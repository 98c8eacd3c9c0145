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
     * Opens a store. A remote one is not asked anything yet, so that a node starts before its stores do: the first call that
     * needs a connection makes it, and a call that failed to is no reason for the next not to try. It may block, on a
     * file or a name, and is interrupted when nobody waits for it any more; what it opens after that is used all the same,
     * or closed. After a failure it may be called again.
     *
     * @param uri one of {@link #schemes}, without user's password and fragment.
     * @param clients where an adapter gets the clients of its backend, so that stores of one backend share one.
     * @throws IllegalArgumentException when the URI is not what the scheme takes, without repeating a secret.
     * @throws StorageException when a local store is not there or refuses us.
     */
    StorageAdapter open(URI uri, SharedClients clients);
}
