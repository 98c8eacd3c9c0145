package io.tiercel.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time poll a session: the first that waits for a reply leads and polls for all, the others spin
 * briefly and park until the leader has their reply or hands over. So a lone caller gets its reply on its own thread,
 * and never does more than one thread spin. Threadsafe.
 *
 * <p>The lock is held while polling and not while pausing, so that a newcomer polls at once when the leader naps.
 */
final class Poller {
    private static final int FOLLOWER_SPINS = 64;
    /** Turns by one reading of the clock, which takes as long as the turn itself: a power of two. */
    private static final int TURNS_A_READING = 16;

    /** One round of everything that moves a session. */
    interface Duty {
        /** Under the lock; answers how much was done. */
        int turn(long nowNs);

        /** Ends a call whose deadline has passed. */
        void expire(Call<?> call);

        /** Completes futures; outside the lock. Answers how many. */
        int runCompletions();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger followers = new AtomicInteger();
    private final CallTable calls;
    private final Duty duty;

    /** Written under the lock. */
    private volatile long nowNs = System.nanoTime();
    // Under the lock.
    private int turns;

    Poller(CallTable calls, Duty duty) {
        this.calls = calls;
        this.duty = duty;
    }

    /** Returns when the call is done, at the latest by its deadline. Keeps an interrupt for the caller. */
    void await(Call<?> call) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("blocking call from a handler that the client runs while it polls");
        }
        boolean interrupted = false;
        Backoff backoff = new Backoff();
        while (!call.isDone()) {
            interrupted |= Thread.interrupted();
            long pauseNs;
            if (lock.tryLock()) {
                try {
                    pauseNs = lead(call, backoff);
                } finally {
                    lock.unlock();
                }
                duty.runCompletions();
            } else {
                pauseNs = follow(call);
            }
            if (pauseNs > 0L) {
                park(call, pauseNs);
            }
        }
        if (followers.get() > 0) {
            calls.wakeOne();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Polls until the call is done, a future waits to be completed, or nothing happens; answers how long to nap. */
    private long lead(Call<?> call, Backoff backoff) {
        while (true) {
            boolean isReading = (turns++ & TURNS_A_READING - 1) == 0;
            if (isReading) {
                nowNs = System.nanoTime();
            }
            long now = nowNs;
            int work = duty.turn(now);
            if (call.isDone()) {
                return 0L;
            }
            if (now - call.deadlineNs() >= 0L) {
                duty.expire(call);
                return 0L;
            }
            if (work > 0) {
                backoff.reset();
                return 0L;
            }
            long pauseNs = isReading ? backoff.pauseNs(now) : 0L;
            if (pauseNs > 0L) {
                return pauseNs;
            }
            Thread.onSpinWait();
        }
    }

    private long follow(Call<?> call) {
        for (int spin = 0; spin < FOLLOWER_SPINS; spin++) {
            if (call.isDone() || !lock.isLocked()) {
                return 0L;
            }
            Thread.onSpinWait();
        }
        if (System.nanoTime() - call.deadlineNs() >= 0L) {
            duty.expire(call);
            return 0L;
        }
        return Backoff.MAX_PARK_NS;
    }

    private void park(Call<?> call, long pauseNs) {
        followers.incrementAndGet();
        call.waiter(Thread.currentThread());
        if (!call.isDone()) {
            LockSupport.parkNanos(this, Math.min(pauseNs, Math.max(1L, call.deadlineNs() - System.nanoTime())));
        }
        call.waiter(null);
        followers.decrementAndGet();
    }

    /** One turn if nobody polls; answers how much was done, or -1 when somebody does. */
    int tryTurn(long now) {
        if (!lock.tryLock()) {
            return -1;
        }
        try {
            nowNs = now;
            return duty.turn(now);
        } finally {
            lock.unlock();
        }
    }

    /** The time of a late turn: no more than the nap of the thread that keeps house has passed since. Any thread. */
    long nowNs() {
        return nowNs;
    }

    /** Runs an action while nobody polls. */
    void exclusively(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
