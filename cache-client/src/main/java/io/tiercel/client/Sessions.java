package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The client's session of the moment: made at start, made again by the first call that finds it lost. One attempt at a
 * time, one a call: who comes meanwhile waits for its outcome and shares it. Threadsafe.
 */
final class Sessions {
    private final TiercelClient.Context context;
    private final Completions completions = new Completions();
    private final Housekeeper housekeeper;
    private final SessionConnector connector;

    private volatile @Nullable Session current;
    private volatile @Nullable ReaderRegion region;
    private volatile boolean closed;
    /** Guarded by this; null when nobody is connecting. */
    private @Nullable CompletableFuture<Session> attempt;

    Sessions(TiercelClient.Context context) {
        this.context = context;
        this.housekeeper = new Housekeeper(this, completions, context);
        this.connector = new SessionConnector(context, completions, context.polled() ? () -> {} : housekeeper::wake);
    }

    /** @throws TiercelException when the node cannot be reached. */
    void start() {
        ready(System.nanoTime() + context.connectTimeoutNs());
        housekeeper.start();
    }

    /** When a call of so many ns must be over; 0 means the client's own timeout. */
    long deadlineNs(long timeoutNs) {
        if (timeoutNs < 0L) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " expected more than 0");
        }
        // Half the range of the clock, so that differences never overflow.
        long bounded = Math.min(timeoutNs == 0L ? context.requestTimeoutNs() : timeoutNs, Long.MAX_VALUE / 2);
        return System.nanoTime() + bounded;
    }

    int maxStreamedFrame() {
        return context.maxStreamedFrame();
    }

    /** What repeat reads go through, or null. */
    @Nullable
    ReaderRegion region() {
        return region;
    }

    @Nullable
    Session current() {
        return current;
    }

    /** Moves the session, if nobody does, and completes what is done; answers how much. */
    int poll() {
        Session session = current;
        int work = session == null ? 0 : Math.max(0, session.tryTurn(System.nanoTime()));
        return work + completions.run();
    }

    /** The session of the moment, lost or not. */
    Session last() {
        Session session = current;
        if (session == null) {
            throw new IllegalStateException("client is not connected");
        }
        return session;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the call says what it amounts to
    <T extends @Nullable Object> T call(Call<T> call) {
        return ready(call.deadlineNs()).call(call);
    }

    <T extends @Nullable Object> CompletableFuture<T> callAsync(Call<T> call) {
        Session session = readyNow();
        if (session != null) {
            return session.callAsync(call);
        }
        CallFuture<T> future = new CallFuture<>(call);
        whenReady(call.deadlineNs(), found -> found.submitAsync(call, future), future::completeExceptionally);
        return future;
    }

    /** The session if there is one that is not lost, without waiting. */
    @Nullable
    Session readyNow() {
        Session session = current;
        requireOpen();
        return session != null && !session.isLost() ? session : null;
    }

    /** What an asynchronous call does with a session, or with its want. */
    interface OnReady {
        void accept(Session session);
    }

    /** What an asynchronous call does when there is no session. */
    interface OnFailure {
        void accept(Throwable why);
    }

    /** Connects on the housekeeper's thread, for calls that may not block their own. */
    void whenReady(long deadlineNs, OnReady action, OnFailure onFailure) {
        boolean accepted = housekeeper.tryExecute(() -> {
            Session session;
            try {
                session = ready(deadlineNs);
            } catch (RuntimeException e) {
                onFailure.accept(e);
                return;
            }
            action.accept(session);
        });
        if (!accepted) {
            onFailure.accept(new TiercelException(ErrorCode.OVERLOADED,
                    "too many calls wait for a connection: maxInFlight=" + context.maxInFlight()));
        }
    }

    /**
     * A session that is not lost, connecting if need be.
     *
     * @throws TiercelException NODE_UNAVAILABLE when the attempt fails or does not end by the deadline.
     */
    Session ready(long deadlineNs) {
        Session session = readyNow();
        if (session != null) {
            return session;
        }
        CompletableFuture<Session> mine = null;
        CompletableFuture<Session> shared;
        synchronized (this) {
            session = readyNow();
            if (session != null) {
                return session;
            }
            if (attempt == null) {
                mine = new CompletableFuture<>();
                attempt = mine;
            }
            shared = attempt;
        }
        return mine == null ? share(shared, deadlineNs) : connect(mine, deadlineNs);
    }

    private Session connect(CompletableFuture<Session> mine, long deadlineNs) {
        try {
            long limitNs = System.nanoTime() + context.connectTimeoutNs();
            Session made = connector.connect(limitNs - deadlineNs < 0L ? limitNs : deadlineNs);
            install(made);
            mine.complete(made);
            return made;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                attempt = null;
            }
        }
    }

    private void install(Session made) {
        synchronized (this) {
            if (!closed) {
                Session old = current;
                current = made;
                region = made.region();
                if (old != null) {
                    old.dispose();
                }
                return;
            }
        }
        made.close();
        requireOpen();
    }

    private static Session share(CompletableFuture<Session> shared, long deadlineNs) {
        try {
            return shared.get(Math.max(1L, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TiercelException known) {
                throw new TiercelException(known.code(), String.valueOf(known.getMessage()), known);
            }
            throw new IllegalStateException("connecting failed", e);
        } catch (TimeoutException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "still connecting to the node", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "interrupted while connecting to the node", e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("client is closed");
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        Session session;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            session = current;
            region = null;
        }
        if (session != null) {
            session.close();
        }
        housekeeper.close();
        completions.run();
    }
}
