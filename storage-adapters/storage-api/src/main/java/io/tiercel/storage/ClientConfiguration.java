package io.tiercel.storage;

/**
 * What makes two clients of a backend the same one: host, account, credentials, everything that its opening takes. A record
 * as a rule: equal configurations share one client. Immutable and threadsafe.
 *
 * @param <C> the client, which must be threadsafe.
 */
public interface ClientConfiguration<C extends AutoCloseable> {
    /**
     * Makes a client; its caller closes it. May block, and may fail, which is not remembered.
     *
     * @throws StorageException when the backend is not there or refuses us.
     */
    C open();
}
