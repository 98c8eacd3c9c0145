package io.tiercel.storage.contract;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;

/**
 * A store that passes every call on to another one; a test overrides what is to be counted, held back or broken. Searches and
 * totals go through its own listings. As threadsafe as the store that it passes to.
 */
public abstract class PassingStore implements StorageAdapter {
    private final StorageAdapter whole;

    /** @param whole is closed with this. */
    protected PassingStore(StorageAdapter whole) {
        this.whole = whole;
    }

    /** The store that calls are passed on to, for what is to go past the overridden. */
    protected final StorageAdapter whole() {
        return whole;
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return whole.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        return whole.open(path, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        return whole.info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        return whole.write(path, source, length, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        whole.delete(path, missingIsFine);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        return whole.deleteRecursively(path);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        return whole.list(folder, options);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return whole.move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return whole.copy(from, to, overwrite);
    }

    @Override
    public void ping() {
        whole.ping();
    }

    @Override
    public void close() {
        whole.close();
    }
}
