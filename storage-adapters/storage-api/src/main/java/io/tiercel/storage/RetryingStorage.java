package io.tiercel.storage;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A store whose calls are tried again when it is unavailable, where a second try cannot do what the first may have done
 * already: reads, looks, pings and removals that are fine with nothing. Writes, moves and copies are tried once, and so is a
 * removal that reports a missing object. A read or listing that fails later fails; its caller knows where it was.
 *
 * <p>This is the only place of retries: adapters make one attempt a call, with those of their SDKs off. Threadsafe.
 */
public final class RetryingStorage implements StorageAdapter {
    /** Waits that many milliseconds. */
    interface Pause {
        void rest(long ms) throws InterruptedException;
    }

    private final StorageAdapter store;
    private final RetryPolicy policy;
    private final Pause pause;
    private volatile boolean closed;

    /** Closing it closes the store. */
    public RetryingStorage(StorageAdapter store, RetryPolicy policy) {
        this(store, policy, TimeUnit.MILLISECONDS::sleep);
    }

    RetryingStorage(StorageAdapter store, RetryPolicy policy, Pause pause) {
        this.store = store;
        this.policy = policy;
        this.pause = pause;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        return tried(() -> store.open(path, options));
    }

    @Override
    public ObjectInfo info(StorePath path) {
        return tried(() -> store.info(path));
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        return store.write(path, source, length, options);
    }

    @Override
    public WriteResult write(StorePath path, ByteBuffer source, WriteOptions options) {
        return store.write(path, source, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        if (missingIsFine) {
            tried(() -> {
                store.delete(path, true);
                return path;
            });
        } else {
            store.delete(path, false);
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        return store.deleteRecursively(path);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        return store.list(folder, options);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return store.move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return store.copy(from, to, overwrite);
    }

    @Override
    public ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
        return store.glob(folder, pattern, options);
    }

    @Override
    public FolderTotals totals(StorePath folder) {
        return tried(() -> store.totals(folder));
    }

    @Override
    public void ping() {
        tried(() -> {
            store.ping();
            return store;
        });
    }

    @Override
    public void close() {
        closed = true;
        store.close();
    }

    private <T> T tried(Supplier<T> call) {
        for (int attempt = 1;; attempt++) {
            try {
                return call.get();
            } catch (StorageException e) {
                long delayMs = closed || Thread.currentThread().isInterrupted()
                        ? -1
                        : policy.delayMs(attempt, e, ThreadLocalRandom.current());
                if (delayMs < 0 || !rest(delayMs)) {
                    throw e;
                }
            }
        }
    }

    private boolean rest(long ms) {
        try {
            pause.rest(ms);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
