package io.tiercel.storage.memory;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that a memory store may hold, those of unfinished writes among them. Threadsafe. */
final class Budget {
    private final String store;
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    Budget(String store, long capacity) {
        this.store = store;
        this.capacity = capacity;
    }

    /** Begins the claim of one write. */
    Claim claim(StorePath path) {
        return new Claim(path);
    }

    void release(long length) {
        used.addAndGet(-length);
    }

    long used() {
        return used.get();
    }

    /** What one write has taken so far; given back at close unless it was kept. Not threadsafe. */
    final class Claim implements AutoCloseable {
        private final StorePath path;
        private long length;

        private Claim(StorePath path) {
            this.path = path;
        }

        void add(long more) {
            length += more;
            if (used.addAndGet(more) > capacity) {
                throw StorageException.of(StorageException.Kind.UNAVAILABLE).store(store).path(path)
                        .because("the store is full: capacity=" + capacity).build();
            }
        }

        void keep() {
            length = 0;
        }

        @Override
        public void close() {
            release(length);
            length = 0;
        }
    }
}
