package io.tiercel.load;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
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

    private final Executor shard;
    private final int permits;
    private final int queueLimit;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private int active;
    private long total;
    private long skipped;

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
     * @return false when the queue is full: nothing will run.
     */
    public boolean acquire(Runnable granted) {
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

    /**
     * Runs a call on a virtual thread of its own; its outcome reaches the shard as a task.
     *
     * @return the thread, to be interrupted when nobody waits any more.
     */
    public <T extends @Nullable Object> Thread run(String name, Callable<T> call, Completion<T> completion) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                callAndReport(call, completion);
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
        return thread;
    }

    @SuppressWarnings("NullAway") // a failed call has no result: the completion looks at the failure first
    private <T extends @Nullable Object> void callAndReport(Callable<T> call, Completion<T> completion) {
        T result;
        try {
            result = call.call();
        } catch (Throwable failure) {
            shard.execute(() -> completion.onDone(null, failure));
            return;
        }
        shard.execute(() -> completion.onDone(result, null));
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

    /** Interrupts every call; each still reports its outcome. */
    public void interruptAll() {
        running.forEach(Thread::interrupt);
    }
}
