package io.tiercel.storage.jdbc;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Removes versions that no path leads to, when their time is over: of dead writers, replaced ones. Threadsafe.
 *
 * <p>It runs behind writes, on a thread of its own, now and then. Several at a time, in several processes, do no harm.
 */
final class Sweeper {
    private static final int VERSIONS_AT_A_TIME = 16;
    /** Some megabytes: no transaction is long, whatever the object was. */
    private static final int CHUNKS_AT_A_TIME = 64;

    private final BlobTable table;
    private final DatabaseCalls calls;
    private final long intervalNs;
    private final AtomicLong nextNs;
    private final AtomicBoolean running = new AtomicBoolean();

    Sweeper(BlobTable table, DatabaseCalls calls, long intervalMs) {
        this.table = table;
        this.calls = calls;
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        this.nextNs = new AtomicLong(System.nanoTime() + intervalNs);
    }

    /** Begins to sweep where it is time to. */
    void mayRun() {
        long nowNs = System.nanoTime();
        long dueNs = nextNs.get();
        if (nowNs - dueNs >= 0 && nextNs.compareAndSet(dueNs, nowNs + intervalNs)
                && running.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("jdbc-sweep").start(this::run);
        }
    }

    private void run() {
        try {
            sweep();
        } catch (StorageException e) {
            // Nobody waits for it; what is left is left for the next.
            return;
        } finally {
            running.set(false);
        }
    }

    /** Removes all that may go; tells how many versions. */
    int sweep() {
        int count = 0;
        while (true) {
            List<UUID> expired = calls.read(StorePath.ROOT,
                    connection -> table.expired(connection, VERSIONS_AT_A_TIME), List::of);
            if (expired.isEmpty()) {
                return count;
            }
            for (UUID version : expired) {
                if (remove(version, true)) {
                    count++;
                }
            }
        }
    }

    /** Removes a version; false when it came to life again before. */
    boolean remove(UUID version, boolean onlyExpired) {
        boolean condemned = calls.change(StorePath.ROOT,
                connection -> table.condemn(connection, version, onlyExpired), () -> false);
        if (condemned) {
            while (removeChunks(version) > 0) {
                // Goes on until none is left.
            }
            calls.change(StorePath.ROOT, connection -> {
                table.forget(connection, version);
                return version;
            }, () -> version);
        }
        return condemned;
    }

    private int removeChunks(UUID version) {
        return calls.change(StorePath.ROOT, connection -> table.removeChunks(connection, version, CHUNKS_AT_A_TIME),
                () -> 0);
    }
}
