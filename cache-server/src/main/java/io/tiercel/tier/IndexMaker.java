package io.tiercel.tier;

import io.tiercel.index.ChronicleIndex;
import io.tiercel.index.FrameIndex;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index file on a thread of its own: it takes longer than everything else between a start and the first
 * answer. Started and asked by the shard agent; started at its first turn, so that it takes no processor from what comes
 * before that.
 */
final class IndexMaker {
    private static final Logger LOG = LoggerFactory.getLogger(IndexMaker.class);

    private final FutureTask<FrameIndex> task;
    private final Thread thread;
    private boolean started;
    private boolean taken;

    IndexMaker(Path file, long capacity) {
        this.task = new FutureTask<>(() -> ChronicleIndex.open(file, capacity));
        this.thread = Thread.ofPlatform().name("tiercel-index").daemon().unstarted(task);
    }

    /** A second call does nothing. */
    void start() {
        if (!started) {
            started = true;
            thread.start();
        }
    }

    /** Whether {@link #take} waits for nothing and has not been called. */
    boolean isReady() {
        return !taken && task.isDone();
    }

    /** The index, once; starts it where that was not done, and waits. Null when it cannot be made, or was taken. */
    @Nullable
    FrameIndex take() {
        start();
        return await();
    }

    /** Waits for what was started, and gives it up; starts nothing. */
    void giveUp() {
        FrameIndex made = started ? await() : null;
        if (made != null) {
            made.close();
        }
        taken = true;
    }

    private @Nullable FrameIndex await() {
        if (taken) {
            return null;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    thread.join();
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            LOG.error("the index file cannot be made, few frames are found without it until the next start",
                    e.getCause());
            return null;
        } finally {
            taken = true;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
