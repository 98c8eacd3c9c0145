package io.tiercel.client;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's one thread: polls when no caller does, completes futures, ends calls whose deadline passed, keeps the
 * session alive, unmaps what is no longer used, and connects for calls that may not block. A daemon; it sleeps for most
 * of the time and is never the one that a blocking call waits for.
 */
final class Housekeeper implements Runnable {
    private static final long IDLE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REAP_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long JOIN_MS = 1_000L;

    private final Sessions sessions;
    private final Completions completions;
    private final Consumer<Throwable> errorHandler;
    private final BlockingQueue<Runnable> tasks;
    private final Thread thread;
    private final boolean isPolled;
    private final Backoff backoff = new Backoff();
    private volatile boolean isParked;
    private volatile boolean isStopped;
    private long reapDueNs = System.nanoTime();

    Housekeeper(Sessions sessions, Completions completions, TiercelClient.Context context) {
        this.sessions = sessions;
        this.completions = completions;
        this.errorHandler = context.errorHandler();
        this.isPolled = context.polled();
        this.tasks = new ArrayBlockingQueue<>(context.maxInFlight());
        this.thread = new Thread(this, "tiercel-client-" + context.clientName());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has an action run on this thread; false when too many wait. */
    boolean tryExecute(Runnable action) {
        boolean accepted = tasks.offer(action);
        wake();
        return accepted;
    }

    /** Something came up that no caller polls for. */
    void wake() {
        if (isParked) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (!isStopped) {
            try {
                pause(doWork(System.nanoTime()));
            } catch (RuntimeException e) {
                errorHandler.accept(e);
                pause(IDLE_PARK_NS);
            }
        }
    }

    /** One round; answers how long to pause after it. */
    private long doWork(long nowNs) {
        int work = runTasks();
        Session session = sessions.current();
        int polled = session == null ? 0 : session.housekeep(nowNs);
        work += Math.max(0, polled);
        work += isPolled ? 0 : completions.run();
        if (session != null && session.isLost()) {
            session.dispose();
        }
        if (nowNs - reapDueNs >= 0L) {
            reapDueNs = nowNs + REAP_INTERVAL_NS;
            reap(session);
        }
        return pauseNs(session, nowNs, work, polled < 0);
    }

    private int runTasks() {
        int count = 0;
        Runnable task;
        while (!isStopped && (task = tasks.poll()) != null) {
            task.run();
            count++;
        }
        return count;
    }

    private static void reap(@Nullable Session session) {
        ReaderRegion region = session == null ? null : session.region();
        if (region != null) {
            region.reap();
        }
    }

    private long pauseNs(@Nullable Session session, long nowNs, int work, boolean othersPoll) {
        if (isPolled && tasks.isEmpty()) {
            // The caller sees to what is under way; here it is kept alive.
            return IDLE_PARK_NS;
        }
        if (work > 0) {
            backoff.reset();
            return 0L;
        }
        if (session == null || session.isLost() || !session.isBusy()) {
            return IDLE_PARK_NS;
        }
        return othersPoll ? Backoff.MAX_PARK_NS : backoff.pauseNs(nowNs);
    }

    private void pause(long ns) {
        if (ns == 0L) {
            Thread.onSpinWait();
            return;
        }
        isParked = true;
        Session session = sessions.current();
        boolean idle = isPolled || ns < IDLE_PARK_NS || session == null || session.isLost() || !session.isBusy();
        if (idle && tasks.isEmpty() && !isStopped) {
            LockSupport.parkNanos(this, ns);
        }
        isParked = false;
        // Nobody's business is to interrupt this thread, and a park would not sleep with the flag up.
        if (Thread.interrupted()) {
            errorHandler.accept(new IllegalStateException("the client's thread was interrupted, and goes on"));
        }
    }

    /** Ends the thread, and waits for it unless it is the caller. What it was to run runs here, to fail in order. */
    void close() {
        isStopped = true;
        LockSupport.unpark(thread);
        if (!thread.equals(Thread.currentThread()) && thread.isAlive()) {
            try {
                thread.join(JOIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }
}
