package io.tiercel.storage.jdbc;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * What a store asks of its database: each call borrows a connection, does its work and gives it back. Threadsafe.
 *
 * <p>The work runs on a thread of its own while the caller waits, so that an interrupt ends the wait at once, whatever a
 * driver does in its sockets; no virtual one, since a file of H2's on a disk that hangs would keep a carrier from all others. It is passed on to PostgreSQL's driver, whose connection it ends; H2's goes on to
 * its end, since an interrupt would close its file under everybody.
 */
final class DatabaseCalls {
    /** What is done with a connection; it must be able to run again from the start after a rollback. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Transactions that find another one first more often than this fail. */
    private static final int MOST_TRIES = 50;

    private final ConnectionPool pool;
    private final StorageGuard guard;
    private final SqlErrors errors;
    private final Work<Boolean> createTables;

    /** @param createTables makes what is missing. */
    DatabaseCalls(ConnectionPool pool, StorageGuard guard, SqlErrors errors, Work<Boolean> createTables) {
        this.pool = pool;
        this.guard = guard;
        this.errors = errors;
        this.createTables = createTables;
    }

    /** One statement that changes nothing. Where there is no table, the answer is another. */
    <T> T read(StorePath path, Work<T> work, Supplier<T> whenMissing) {
        try {
            return onOwnThread(path, () -> once(work));
        } catch (SQLException e) {
            if (SqlErrors.isMissing(e)) {
                return whenMissing.get();
            }
            throw errors.of(path, e);
        }
    }

    /** One statement that changes nothing, where a missing table is a failure. */
    <T> T readExisting(StorePath path, Work<T> work) {
        try {
            return onOwnThread(path, () -> once(work));
        } catch (SQLException e) {
            throw errors.of(path, e);
        }
    }

    /** As {@link #read}, but that what the first write would make is nothing to tell. */
    void ping(Work<Boolean> work) {
        try {
            onOwnThread(StorePath.ROOT, () -> once(work));
        } catch (SQLException e) {
            if (!SqlErrors.isYetToBeMade(e)) {
                throw errors.of(StorePath.ROOT, e);
            }
        }
    }

    /** A transaction; one that another was ahead of is run again. Where there is no table, the answer is another. */
    <T> T change(StorePath path, Work<T> work, Supplier<T> whenMissing) {
        try {
            return transact(path, work);
        } catch (SQLException e) {
            if (SqlErrors.isMissing(e)) {
                return whenMissing.get();
            }
            throw errors.of(path, e);
        }
    }

    /** A transaction that makes the tables first when they are missing. */
    <T> T changeOrCreate(StorePath path, Work<T> work) {
        try {
            return transact(path, work);
        } catch (SQLException e) {
            if (!SqlErrors.isMissing(e)) {
                throw errors.of(path, e);
            }
        }
        try {
            create(path);
            return transact(path, work);
        } catch (SQLException e) {
            throw errors.of(path, e);
        }
    }

    private void create(StorePath path) throws SQLException {
        pool.mayCreate();
        for (int tries = 1;; tries++) {
            try {
                onOwnThread(path, () -> transaction(createTables));
                return;
            } catch (SQLException e) {
                if (!SqlErrors.isMadeMeanwhile(e) || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private <T> T transact(StorePath path, Work<T> work) throws SQLException {
        for (int tries = 1;; tries++) {
            try {
                return onOwnThread(path, () -> transaction(work));
            } catch (SQLException e) {
                if (!SqlErrors.isConflict(e) || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Connection connection = pool.borrow()) {
            return work.run(connection);
        }
    }

    /** The pool rolls back what is given back without a commit. */
    private <T> T transaction(Work<T> work) throws SQLException {
        try (Connection connection = pool.borrow()) {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.commit();
            return result;
        }
    }

    private <T> T onOwnThread(StorePath path, Callable<T> step) throws SQLException {
        guard.requireOpen(path);
        if (Thread.currentThread().isInterrupted()) {
            throw errors.interrupted(path, null);
        }
        FutureTask<T> task = new FutureTask<>(step);
        Thread worker = Thread.ofPlatform().daemon().name("jdbc-call").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            if (pool.isInterruptible()) {
                worker.interrupt();
            }
            Thread.currentThread().interrupt();
            throw errors.interrupted(path, e);
        } catch (ExecutionException e) {
            throw failureOf(path, e);
        }
    }

    /** What the work threw, if it is not thrown here already. */
    private SQLException failureOf(StorePath path, ExecutionException e) {
        Throwable cause = e.getCause();
        guard.requireOpen(path);
        if (cause instanceof SQLException sql) {
            if (SqlErrors.isDisconnection(sql)) {
                pool.renew();
            }
            return sql;
        }
        if (cause instanceof StorageException failure) {
            throw failure;
        }
        throw new IllegalStateException("the work on the database failed", cause);
    }
}
