package io.tiercel.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The clients of backends, one for equal configurations, with their threads, connections and buffers. Threadsafe.
 *
 * <p>A client lives as long as somebody uses it. One that nobody uses stays open for the next who asks, while there are no
 * more than the limit; then those go first that were left longest ago. One in use is never closed, so that there may be more
 * than the limit for as long as more are used.
 */
public final class SharedClients implements AutoCloseable {
    /** Clients kept at a time; more mounts than that on different backends are rare, and a client may hold megabytes. */
    public static final int DEFAULT_LIMIT = 100;

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClientConfiguration<?>, Entry<?>> entries = new HashMap<>();
    private final Set<Entry<?>> idle = new LinkedHashSet<>();
    private boolean closed;

    /** @throws IllegalArgumentException when the limit is negative; 0 keeps nothing that is not in use. */
    public SharedClients(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit=" + limit + " is negative");
        }
        this.limit = limit;
    }

    /**
     * The client of a configuration, opened if there is none: by the first who asks, while others who want the same wait.
     *
     * @throws StorageException as opening it does, and UNAVAILABLE after close. The next call tries again.
     */
    public <C extends AutoCloseable> Lease<C> acquire(ClientConfiguration<C> configuration) {
        Entry<C> entry = enter(configuration);
        try {
            return new Lease<>(this, entry, entry.open());
        } catch (RuntimeException | Error e) {
            leave(entry);
            throw e;
        }
    }

    /** Clients there are, in use or not. */
    public int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the clients that nobody uses, as after a change of the mounts. */
    public void closeIdle() {
        closeAll(removeIdle(0));
    }

    /** Closes what nobody uses now, and everything else after its last user. Idempotent; never fails. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        closeIdle();
    }

    // The configuration of a C is the key of nothing but an entry of a C.
    @SuppressWarnings("unchecked")
    private <C extends AutoCloseable> Entry<C> enter(ClientConfiguration<C> configuration) {
        lock.lock();
        try {
            if (closed) {
                throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("the clients were closed").build();
            }
            Entry<C> entry = (Entry<C>) entries.computeIfAbsent(configuration, key -> new Entry<>(configuration));
            entry.users++;
            idle.remove(entry);
            return entry;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Entry<?> entry) {
        lock.lock();
        try {
            entry.users--;
            if (entry.users == 0) {
                idle.add(entry);
            }
        } finally {
            lock.unlock();
        }
        closeAll(removeIdle(limit));
    }

    /** Takes out what is idle beyond a number of clients, and what was never opened. */
    private List<Entry<?>> removeIdle(int kept) {
        lock.lock();
        try {
            int most = closed ? 0 : kept;
            List<Entry<?>> removed = new ArrayList<>();
            for (Entry<?> entry : idle) {
                if (entries.size() - removed.size() > most || !entry.isOpen()) {
                    removed.add(entry);
                }
            }
            for (Entry<?> entry : removed) {
                idle.remove(entry);
                entries.remove(entry.configuration);
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    private static void closeAll(List<Entry<?>> removed) {
        removed.forEach(Entry::close);
    }

    /** The right to use a client until it is closed, once. Threadsafe. */
    public static final class Lease<C extends AutoCloseable> implements AutoCloseable {
        private final SharedClients clients;
        private final Entry<C> entry;
        private final C client;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(SharedClients clients, Entry<C> entry, C client) {
            this.clients = clients;
            this.entry = entry;
            this.client = client;
        }

        /** Not to be closed by whom it is lent to. */
        public C client() {
            return client;
        }

        /** Gives it back. Idempotent; never fails. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                clients.leave(entry);
            }
        }
    }

    /** A configuration, its client once there is one, and how many use it ({@code users} is guarded by the lock). */
    private static final class Entry<C extends AutoCloseable> {
        private final ClientConfiguration<C> configuration;
        private final ReentrantLock opening = new ReentrantLock();
        private volatile @Nullable C client;
        private int users;

        private Entry(ClientConfiguration<C> configuration) {
            this.configuration = configuration;
        }

        private boolean isOpen() {
            return client != null;
        }

        private C open() {
            opening.lock();
            try {
                C open = client;
                if (open == null) {
                    open = configuration.open();
                    client = open;
                }
                return open;
            } finally {
                opening.unlock();
            }
        }

        private void close() {
            C open = client;
            if (open != null) {
                try {
                    open.close();
                } catch (Exception e) {
                    // Nobody uses it any more: what it could not close is nobody's to mend.
                    return;
                }
            }
        }
    }
}
