package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a server, made when they are needed, at most so many as the configuration allows. Threadsafe.
 *
 * <p>Uses share a connection when all of them are taken, since its requests do not wait for each other: nobody ever waits
 * for another use to end. A broken connection is never given out again. One thread at a time makes a connection; who has
 * none meanwhile waits for that one and shares its outcome, and the next call tries anew.
 */
final class SftpPool implements AutoCloseable {
    /** A server that refused one connection more is asked again after that. */
    private static final long GROWTH_PAUSE_NS = TimeUnit.SECONDS.toNanos(30);

    private final SftpConfiguration configuration;
    private final SftpSignIn signIn;
    private final PathLocks locks = new PathLocks();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<SftpConnection> connections = new ArrayList<>();
    private @Nullable CompletableFuture<SftpConnection> making;
    private long noGrowthUntilNs = System.nanoTime();
    private boolean closed;

    SftpPool(SftpConfiguration configuration) {
        this.configuration = configuration;
        this.signIn = new SftpSignIn(configuration);
    }

    /** Locks of the server's paths, for all stores on it. */
    PathLocks locks() {
        return locks;
    }

    /** The right to use a connection, until it is given back. */
    Use use() throws IOException {
        for (;;) {
            CompletableFuture<SftpConnection> others;
            CompletableFuture<SftpConnection> own = new CompletableFuture<>();
            lock.lock();
            try {
                if (closed) {
                    throw new SftpRefusal(Kind.UNAVAILABLE, "the connections were closed");
                }
                SftpConnection shared = choose();
                if (shared != null) {
                    return begin(shared);
                }
                others = making;
                if (others == null) {
                    making = own;
                }
            } finally {
                lock.unlock();
            }
            if (others == null) {
                Use use = make(own);
                if (use != null) {
                    return use;
                }
            } else {
                waitFor(others);
            }
        }
    }

    /** Connections there are. */
    int size() {
        lock.lock();
        try {
            connections.removeIf(connection -> !connection.isUsable());
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /** The least used connection, or none when there should be one more. */
    private @Nullable SftpConnection choose() {
        connections.removeIf(connection -> !connection.isUsable());
        SftpConnection least = connections.stream().min(Comparator.comparingInt(c -> c.users)).orElse(null);
        if (least == null || least.users == 0) {
            return least;
        }
        boolean mayGrow = connections.size() < configuration.connections() && making == null
                && System.nanoTime() - noGrowthUntilNs >= 0;
        return mayGrow ? null : least;
    }

    private Use begin(SftpConnection connection) {
        connection.users++;
        return new Use(this, connection);
    }

    /** Makes a connection; null when that failed but there is another one. */
    private @Nullable Use make(CompletableFuture<SftpConnection> outcome) throws IOException {
        try {
            SftpConnection connection = signIn.connect();
            return keep(connection, outcome);
        } catch (IOException | RuntimeException | Error e) {
            boolean hasOther = noteFailure();
            outcome.completeExceptionally(e);
            if (hasOther && !(e instanceof InterruptedIOException)) {
                return null;
            }
            throw e;
        }
    }

    private Use keep(SftpConnection connection, CompletableFuture<SftpConnection> outcome) throws IOException {
        lock.lock();
        try {
            if (closed) {
                connection.close();
                throw new SftpRefusal(Kind.UNAVAILABLE, "the connections were closed");
            }
            making = null;
            connections.add(connection);
            return begin(connection);
        } finally {
            lock.unlock();
            outcome.complete(connection);
        }
    }

    private boolean noteFailure() {
        lock.lock();
        try {
            making = null;
            noGrowthUntilNs = System.nanoTime() + GROWTH_PAUSE_NS;
            return !connections.isEmpty() && !closed;
        } finally {
            lock.unlock();
        }
    }

    private static void waitFor(CompletableFuture<SftpConnection> others) throws IOException {
        try {
            others.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the thread was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SftpRefusal refusal) {
                throw refusal.again();
            }
            // An interrupt, or a defect, of the one who made it is no answer to anybody else, who tries next.
            return;
        }
    }

    private void end(SftpConnection connection) {
        lock.lock();
        try {
            connection.users--;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections. */
    @Override
    public void close() {
        List<SftpConnection> open;
        lock.lock();
        try {
            closed = true;
            open = List.copyOf(connections);
            connections.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(SftpConnection::close);
        signIn.close();
    }

    /** A connection lent out. Not threadsafe. */
    static final class Use implements AutoCloseable {
        private final SftpPool pool;
        private final SftpConnection connection;
        private boolean ended;

        private Use(SftpPool pool, SftpConnection connection) {
            this.pool = pool;
            this.connection = connection;
        }

        SftpConnection connection() {
            return connection;
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                pool.end(connection);
            }
        }
    }
}
