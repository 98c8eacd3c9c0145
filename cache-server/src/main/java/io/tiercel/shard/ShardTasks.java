package io.tiercel.shard;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Tasks from other threads for the shard thread, in order a thread. Threadsafe; {@link #run()} is for the shard thread.
 *
 * <p>Outcomes of store calls come through {@link #execute}, which loses none: permits bound their number. Commands
 * come through {@link #tryExecute}, which refuses past a limit.
 */
public final class ShardTasks implements Executor {
    /** Commands that may wait: past it the shard is so far behind that another would only time out. */
    private static final int COMMAND_LIMIT = 8192;
    private static final int RUN_LIMIT = 64;

    private final ManyToOneConcurrentLinkedQueue<Runnable> queue = new ManyToOneConcurrentLinkedQueue<>();
    private final AtomicLong waitingCommands = new AtomicLong();
    private volatile boolean isClosed;
    private volatile @Nullable Thread runner;

    /** The thread that runs tasks, which is woken for each in case it naps. */
    void runner(Thread thread) {
        runner = thread;
    }

    private void add(Runnable task) {
        queue.add(task);
        Thread napping = runner;
        if (napping != null) {
            LockSupport.unpark(napping);
        }
    }

    /** Adds a task that must run; after the shard's end there is nothing left that it could do, and it does not. */
    @Override
    public void execute(Runnable task) {
        add(task);
    }

    /** Adds a command, or answers false when too many wait or the shard ended. */
    public boolean tryExecute(Runnable command) {
        if (isClosed || waitingCommands.get() >= COMMAND_LIMIT) {
            return false;
        }
        waitingCommands.incrementAndGet();
        add(() -> {
            waitingCommands.decrementAndGet();
            command.run();
        });
        return true;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Runs what waits, up to a limit; answers whether that was reached, so that more may wait. */
    boolean run() {
        for (int i = 0; i < RUN_LIMIT; i++) {
            Runnable task = queue.poll();
            if (task == null) {
                return false;
            }
            task.run();
        }
        return true;
    }

    /** Refuses further commands and runs what is left. */
    void close() {
        isClosed = true;
        while (!queue.isEmpty()) {
            run();
        }
    }
}
