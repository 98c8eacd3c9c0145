package io.tiercel.storage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation on many items, a bounded number of them at a time. Immutable and threadsafe.
 *
 * <p>Items are pulled when there is room for them, by the calling thread; each is worked on by a virtual thread of its own.
 * So a source without end costs no more memory than the window, and the failures that are kept.
 */
public final class Batch {
    private final int window;
    private final int keptFailures;

    private Batch(int window, int keptFailures) {
        this.window = window;
        this.keptFailures = keptFailures;
    }

    /**
     * A batch that works on that many items at a time, and keeps the first 1,000 failures.
     *
     * @throws IllegalArgumentException when less than 1.
     */
    public static Batch of(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window=" + window + " is less than 1");
        }
        return new Batch(window, 1000);
    }

    /** The same, keeping at most that many failures; what goes beyond is counted. */
    public Batch keptFailures(int value) {
        return new Batch(window, value);
    }

    /**
     * Works through the items to their end. A {@link StorageException} is the failure of its item and ends nothing, but for
     * CAPABILITY_NOT_SUPPORTED, which no other item would fare better with. That, a failure of the source, anything else
     * that an operation throws, and an interrupt (as UNAVAILABLE) end the batch, after what was begun has come to an end.
     */
    public <T> Result<T> run(Iterator<? extends T> items, Consumer<? super T> operation) {
        Progress<T> progress = new Progress<>(keptFailures);
        Semaphore room = new Semaphore(window);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            acquire(room);
            while (progress.end.get() == null && items.hasNext()) {
                T item = items.next();
                threads.execute(() -> {
                    try {
                        progress.work(item, operation);
                    } finally {
                        room.release();
                    }
                });
                acquire(room);
            }
        }
        return progress.result();
    }

    private static void acquire(Semaphore room) {
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("the thread was interrupted").cause(e)
                    .build();
        }
    }

    /**
     * How a batch went.
     *
     * @param succeeded how many items.
     * @param failed how many items.
     * @param failures the first of them, in the order in which they came.
     */
    public record Result<T>(long succeeded, long failed, List<Failure<T>> failures) {}

    /** An item and why it failed. */
    public record Failure<T>(T item, StorageException reason) {}

    /** What is known so far. Threadsafe. */
    private static final class Progress<T> {
        private final int keptFailures;
        private final AtomicReference<@Nullable RuntimeException> end = new AtomicReference<>();
        private final List<Failure<T>> failures = new ArrayList<>();
        private long succeeded;
        private long failed;

        private Progress(int keptFailures) {
            this.keptFailures = keptFailures;
        }

        private void work(T item, Consumer<? super T> operation) {
            try {
                operation.accept(item);
                noteSuccess();
            } catch (StorageException e) {
                if (e.kind() == StorageException.Kind.CAPABILITY_NOT_SUPPORTED) {
                    end.compareAndSet(null, e);
                } else {
                    noteFailure(new Failure<>(item, e));
                }
            } catch (RuntimeException e) {
                end.compareAndSet(null, e);
            }
        }

        private synchronized void noteSuccess() {
            succeeded++;
        }

        private synchronized void noteFailure(Failure<T> failure) {
            failed++;
            if (failures.size() < keptFailures) {
                failures.add(failure);
            }
        }

        private synchronized Result<T> result() {
            RuntimeException reason = end.get();
            if (reason != null) {
                throw reason;
            }
            return new Result<>(succeeded, failed, List.copyOf(failures));
        }
    }
}
