package io.tiercel.node;

import io.tiercel.storage.Capability;
import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.Glob;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * The store of a mount, opened by the first call that needs it, on that call's thread; when that fails, by the next. Calls
 * wait for an opening under way until it has taken its time, and fail as UNAVAILABLE at once from then on. What opens late
 * serves all the same, or is closed where this was closed meanwhile. Threadsafe.
 */
final class LateStore implements StorageAdapter {
    /** What nobody is refused before the store can say: the operations, and nothing that would shape one. */
    private static final Set<Capability> UNKNOWN = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY);

    private final String name;
    private final long timeoutNs;
    private final Supplier<StorageAdapter> provider;
    private final ReentrantLock opening = new ReentrantLock();
    /** When the opening under way has had its time; written by who holds the lock. */
    private volatile long deadlineNs = System.nanoTime();
    /** Written once, under this object's monitor. */
    private volatile @Nullable StorageAdapter opened;
    /** Guarded by this. */
    private boolean isClosed;

    /**
     * @param name what errors call the store until it is open, without a secret.
     * @param timeoutMs how long calls wait for one opening.
     * @param provider opens the store; may block, and is called again after a failure.
     */
    LateStore(String name, long timeoutMs, Supplier<StorageAdapter> provider) {
        this.name = name;
        this.timeoutNs = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        this.provider = provider;
    }

    private StorageAdapter opened() {
        StorageAdapter store = opened;
        return store == null ? open() : store;
    }

    private StorageAdapter open() {
        enter();
        try {
            StorageAdapter store = opened;
            if (store == null) {
                requireNotClosed();
                deadlineNs = System.nanoTime() + timeoutNs;
                store = provider.get();
                keep(store);
            }
            return store;
        } finally {
            opening.unlock();
        }
    }

    private void enter() {
        try {
            if (!opening.tryLock(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw unavailable("it is still being opened").build();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted").build();
        }
    }

    private synchronized void requireNotClosed() {
        if (isClosed) {
            throw unavailable("the store was closed").build();
        }
    }

    private synchronized void keep(StorageAdapter store) {
        opened = store;
        if (isClosed) {
            CloseHelper.quietClose(store);
        }
    }

    private StorageException.Builder unavailable(String why) {
        return StorageException.of(StorageException.Kind.UNAVAILABLE).store(name).because(why);
    }

    /** The store, for an operation: whatever keeps it from opening says nothing of the path that is asked for. */
    private StorageAdapter store() {
        try {
            return opened();
        } catch (StorageException e) {
            throw e.kind() == StorageException.Kind.UNAVAILABLE
                    ? e
                    : unavailable("it cannot be opened: " + e.getMessage()).cause(e).build();
        }
    }

    @Override
    public String name() {
        StorageAdapter store = opened;
        return store == null ? name : store.name();
    }

    /** Those of the store once it is open; until then its operations, which all fail. */
    @Override
    public Set<Capability> capabilities() {
        StorageAdapter store = opened;
        return store == null ? UNKNOWN : store.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        return store().open(path, options);
    }

    @Override
    public ObjectRead open(StorePath path) {
        return store().open(path);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        return store().info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        return store().write(path, source, length, options);
    }

    @Override
    public WriteResult write(StorePath path, ByteBuffer source, WriteOptions options) {
        return store().write(path, source, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        store().delete(path, missingIsFine);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        return store().deleteRecursively(path);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        return store().list(folder, options);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return store().move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return store().copy(from, to, overwrite);
    }

    @Override
    public ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
        return store().glob(folder, pattern, options);
    }

    @Override
    public FolderTotals totals(StorePath folder) {
        return store().totals(folder);
    }

    /** Asks the store, or tells what keeps it from opening, in the provider's own exceptions. */
    @Override
    public void ping() {
        opened().ping();
    }

    /** Does not wait for an opening under way: what it gives is closed when it comes. */
    @Override
    public synchronized void close() {
        isClosed = true;
        CloseHelper.quietClose(opened);
    }
}
