package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls of stores: a permit first, then a virtual thread that may block, then the outcome as a task for the shard.
 *
 * <p>Work holds its permit over as many calls as it makes, so that no more than the limit ever run or hold memory
 * (PROPERTIES of bounded background work: the permit is taken before anything is scheduled). Every method is for the
 * shard thread; completions run there too, through the executor given.
 */
public final class StoreCalls {
    /** What a call came to: exactly one of the two is given, but for a call whose result is itself null. */
    @FunctionalInterface
    public interface Completion<T extends @Nullable Object> {
        void onDone(T result, @Nullable Throwable failure);
    }

    private static final long NO_DEADLINE = Long.MAX_VALUE;

    /** A call on its thread; the flag is set before the interrupt that it explains. */
    private static final class RunningCall {
        final long deadlineNs;
        volatile boolean isLate;

        RunningCall(long deadlineNs) {
            this.deadlineNs = deadlineNs;
        }
    }

    private final Executor shard;
    private final int permits;
    private final int queueLimit;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Map<Thread, RunningCall> running = new ConcurrentHashMap<>();
    private int active;
    private long total;
    private long skipped;
    private boolean isShutDown;

    /**
     * @param shard runs tasks on the shard thread, in order, losing none.
     * @param permits works at a time.
     * @param queueLimit works that may wait for a permit.
     */
    public StoreCalls(Executor shard, int permits, int queueLimit) {
        this.shard = shard;
        this.permits = permits;
        this.queueLimit = queueLimit;
    }

    /**
     * Takes a permit for a piece of work and runs {@code granted}, now or when one is given back.
     *
     * @return false when the queue is full or the node stops: nothing will run.
     */
    public boolean acquire(Runnable granted) {
        if (isShutDown) {
            return false;
        }
        if (active < permits) {
            active++;
            total++;
            granted.run();
            return true;
        }
        if (waiting.size() >= queueLimit) {
            skipped++;
            return false;
        }
        waiting.add(granted);
        return true;
    }

    /** Gives a permit back; the work that waits longest has it next. */
    public void release() {
        Runnable next = waiting.poll();
        if (next == null) {
            active--;
        } else {
            total++;
            next.run();
        }
    }

    /** Runs a call without a limit of time: whoever started it sees to its end, through the thread answered. */
    public <T extends @Nullable Object> Thread run(String name, Callable<T> call, Completion<T> completion) {
        return run(name, NO_DEADLINE, call, completion);
    }

    /**
     * Runs a call on a virtual thread of its own; its outcome reaches the shard as a task.
     *
     * @param deadlineNs monotonic time at which it is interrupted and its failure becomes TIMEOUT.
     * @return the thread, to be interrupted when nobody waits any more.
     */
    public <T extends @Nullable Object> Thread run(String name, long deadlineNs, Callable<T> call,
            Completion<T> completion) {
        RunningCall running = new RunningCall(deadlineNs);
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                callAndReport(running, call, completion);
            } finally {
                this.running.remove(Thread.currentThread());
            }
        });
        this.running.put(thread, running);
        thread.start();
        if (isShutDown) {
            // What was begun before may end, and must not wait.
            thread.interrupt();
        }
        return thread;
    }

    @SuppressWarnings("NullAway") // a failed call has no result: the completion looks at the failure first
    private <T extends @Nullable Object> void callAndReport(RunningCall running, Callable<T> call,
            Completion<T> completion) {
        T result;
        try {
            result = call.call();
        } catch (Throwable failure) {
            Throwable told = running.isLate
                    ? new TiercelException(ErrorCode.TIMEOUT, "store did not answer in time: call="
                            + Thread.currentThread().getName() + " (mounts.….timeout)", failure)
                    : failure;
            shard.execute(() -> completion.onDone(null, told));
            return;
        }
        shard.execute(() -> completion.onDone(result, null));
    }

    /** Interrupts calls whose time is over; answers how many. */
    public int checkDeadlines(long nowNs) {
        int late = 0;
        for (Map.Entry<Thread, RunningCall> entry : running.entrySet()) {
            RunningCall call = entry.getValue();
            if (call.deadlineNs != NO_DEADLINE && !call.isLate && nowNs - call.deadlineNs > 0) {
                call.isLate = true;
                entry.getKey().interrupt();
                late++;
            }
        }
        return late;
    }

    /** Works that hold a permit. */
    public int active() {
        return active;
    }

    /** Works that ever held one. */
    public long total() {
        return total;
    }

    /** Works refused because the queue was full. */
    public long skipped() {
        return skipped;
    }

    /** Whether a call is still on its thread: memory that it may write to must stay. */
    public boolean hasRunning() {
        return !running.isEmpty();
    }

    /** Interrupts every call, and starts no more work; each call still reports its outcome. */
    public void shutDown() {
        isShutDown = true;
        waiting.clear();
        running.keySet().forEach(Thread::interrupt);
    }
}
