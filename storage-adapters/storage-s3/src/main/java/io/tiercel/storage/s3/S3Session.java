package io.tiercel.storage.s3;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.SharedClients.Lease;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The shared client of a store, taken at the first use and given back after the last one that has begun before the close: so
 * that what a write has left in the bucket can still be removed. Threadsafe.
 */
final class S3Session {
    private final StorageGuard guard;
    private final S3Errors errors;
    private final SharedClients clients;
    private final S3ClientConfiguration configuration;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Lease<S3Client> lease;
    private int users;
    private boolean closed;

    S3Session(StorageGuard guard, S3Errors errors, SharedClients clients, S3ClientConfiguration configuration) {
        this.guard = guard;
        this.errors = errors;
        this.clients = clients;
        this.configuration = configuration;
    }

    /** The right to use the client, until it is closed. */
    Use enter(StorePath path) {
        lock.lock();
        try {
            guard.requireOpen(path);
            Lease<S3Client> held = lease;
            if (held == null) {
                held = errors.call(path, () -> clients.acquire(configuration));
                lease = held;
            }
            users++;
            return new Use(this, held.client());
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        Lease<S3Client> unused;
        lock.lock();
        try {
            users--;
            unused = takeUnused();
        } finally {
            lock.unlock();
        }
        giveBack(unused);
    }

    /** After the guard's. */
    void close() {
        Lease<S3Client> unused;
        lock.lock();
        try {
            closed = true;
            unused = takeUnused();
        } finally {
            lock.unlock();
        }
        giveBack(unused);
    }

    private @Nullable Lease<S3Client> takeUnused() {
        if (!closed || users > 0) {
            return null;
        }
        Lease<S3Client> unused = lease;
        lease = null;
        return unused;
    }

    private static void giveBack(@Nullable Lease<S3Client> unused) {
        if (unused != null) {
            unused.close();
        }
    }

    /** One use of the client. Not threadsafe. */
    static final class Use implements AutoCloseable {
        private final S3Session session;
        private final S3Client client;
        private boolean closed;

        private Use(S3Session session, S3Client client) {
            this.session = session;
            this.client = client;
        }

        S3Client client() {
            return client;
        }

        /** Idempotent; never fails. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                session.leave();
            }
        }
    }
}
