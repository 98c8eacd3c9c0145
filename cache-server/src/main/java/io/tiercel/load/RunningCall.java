package io.tiercel.load;

import org.jspecify.annotations.Nullable;

/**
 * A call on its way through a thread, which is interrupted for it and for no other: one whose call is over may run the
 * next. Threadsafe.
 */
abstract class RunningCall implements Runnable, StoreCall {
    /** Of {@link #deadlineNs}: whoever asked for the call sees to its end. */
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private final String name;
    private final long deadlineNs;
    /** Guarded by this. */
    private @Nullable Thread thread;
    /** Guarded by this. */
    private boolean isCancelled;
    /** Set before the interrupt that it explains. */
    private volatile boolean isLate;

    /** @param deadlineNs monotonic time. */
    RunningCall(String name, long deadlineNs) {
        this.name = name;
        this.deadlineNs = deadlineNs;
    }

    /** Makes the call and tells its outcome; throws nothing. */
    abstract void call();

    @Override
    public final void run() {
        begin();
        try {
            call();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        Thread current = Thread.currentThread();
        thread = current;
        if (isCancelled) {
            current.interrupt();
        }
    }

    private synchronized void end() {
        thread = null;
        Thread.interrupted(); // it was meant for this call
    }

    @Override
    public final synchronized void cancel() {
        isCancelled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Cancels it where its time is over; answers whether it was, for the first time. */
    final boolean cancelWhenOverdue(long nowNs) {
        if (deadlineNs == NO_DEADLINE || isLate || nowNs - deadlineNs <= 0) {
            return false;
        }
        isLate = true;
        cancel();
        return true;
    }

    /** Whether it was cancelled for its deadline. */
    final boolean isLate() {
        return isLate;
    }

    final String name() {
        return name;
    }
}
