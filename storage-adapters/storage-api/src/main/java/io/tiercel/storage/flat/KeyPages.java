package io.tiercel.storage.flat;

import io.tiercel.storage.ObjectInfo;
import java.util.List;

/**
 * The objects below a folder of a flat store, page by page, in an order in which all that begins with {@code folder/} stands
 * together (that of their bytes, or of their characters). Not threadsafe.
 */
public interface KeyPages extends AutoCloseable {
    /**
     * The next objects; empty at the end. One request, none after the end. A folder among them, as a store with a delimiter
     * gives it, stands for all below it.
     *
     * @throws io.tiercel.storage.StorageException as the store failed.
     */
    List<ObjectInfo> next();

    /** Stops asking. Idempotent; never fails. */
    @Override
    void close();
}
