package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous work on many items, a bounded number of them at a time. An item is pulled when there is room for it, by
 * the calling thread, so that a source without end costs no more than the window. One use; not threadsafe.
 */
final class Window {
    private final int size;
    private final Semaphore room;

    Window(int size) {
        this.size = size;
        this.room = new Semaphore(size);
    }

    /**
     * Begins work on each item and returns when all of it has ended.
     *
     * @param work whose failure is its own to note; it ends nothing.
     * @throws TiercelException TIMEOUT on an interrupt: what was begun goes on, nothing more is pulled.
     */
    <T> void run(Iterator<? extends T> items, Function<? super T, CompletableFuture<?>> work) {
        while (true) {
            acquire(1);
            @Nullable CompletableFuture<?> begun = null;
            try {
                if (!items.hasNext()) {
                    break;
                }
                begun = work.apply(items.next());
            } finally {
                if (begun == null) {
                    room.release();
                }
            }
            CompletableFuture<?> _ = begun.whenComplete((_, _) -> room.release());
        }
        acquire(size);
    }

    private void acquire(int permits) {
        try {
            room.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TiercelException(ErrorCode.TIMEOUT, "interrupted", e);
        }
    }
}
