package io.tiercel.bench.node;

import io.tiercel.Key;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * Changes that a node is asked for at a fixed rate, by a client and thread of its own that naps in between: as many as the
 * rate says each millisecond, the next when those before are acknowledged. Threadsafe.
 */
public final class Storm implements AutoCloseable {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final TiercelClient client;
    private final LongFunction<CompletableFuture<?>> asking;
    private final int ratePerSecond;
    private final Thread thread;
    private volatile long count;
    private volatile boolean isStopped;

    private Storm(TiercelClient client, int ratePerSecond, LongFunction<CompletableFuture<?>> asking) {
        this.client = client;
        this.ratePerSecond = ratePerSecond;
        this.asking = asking;
        this.thread = Thread.ofPlatform().daemon().name("storm").start(this::run);
    }

    /** Invalidates prefixes, each another one, under which nothing is. */
    public static Storm ofInvalidations(NodeServer node, int ratePerSecond) {
        TiercelClient client = node.connect(Mode.IPC);
        return new Storm(client, ratePerSecond, i -> client.invalidatePrefixAsync(Key.of("storm/" + i)));
    }

    /** Puts values of a length, each under another key. */
    public static Storm ofPuts(NodeServer node, int ratePerSecond, int length) {
        TiercelClient client = node.connect(Mode.IPC);
        ByteBuffer value = ByteBuffer.allocateDirect(length);
        return new Storm(client, ratePerSecond, i -> client.putAsync(Key.of("storm/" + i), value,
                PutOptions.DEFAULTS));
    }

    /** How many were acknowledged. */
    public long count() {
        return count;
    }

    private void run() {
        long startNs = System.nanoTime();
        Queue<CompletableFuture<?>> pending = new ArrayDeque<>();
        long asked = 0;
        while (!isStopped) {
            long due = (long) ((System.nanoTime() - startNs) * 1e-9 * ratePerSecond);
            // Never more than a tenth of a second's at once, however far behind.
            long until = Math.min(due, asked + ratePerSecond / 10);
            while (asked < until) {
                pending.add(asking.apply(asked++));
            }
            long acknowledged = 0;
            while (!pending.isEmpty()) {
                acknowledged += isDone(pending.remove()) ? 1 : 0;
            }
            addToCount(acknowledged);
            LockSupport.parkNanos(TICK_NS);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void addToCount(long acknowledged) {
        count += acknowledged;
    }

    /** Where a change is refused the storm goes on: it shows in the count. */
    private static boolean isDone(CompletableFuture<?> change) {
        try {
            change.join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        isStopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
