package io.tiercel.bench.load;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Runs loads on the calling thread. At a fixed rate a read's time counts from when it was due, so that a stall is seen
 * by every read that it delayed and not by one: no coordinated omission. While nothing is due the thread spins, or naps
 * where that is long. Stateless.
 */
public final class Loads {
    private static final long MAX_LATENCY_NS = TimeUnit.MINUTES.toNanos(10);
    private static final int SIGNIFICANT_DIGITS = 3;
    /** Shorter waits are spun through: a nap may last a tenth of a millisecond longer than it should. */
    private static final long NAP_FROM_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Loads() {}

    /** A histogram as all figures here have it. */
    public static Histogram histogram() {
        Histogram histogram = new Histogram(1, MAX_LATENCY_NS, SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Bytes that threads of this process have allocated, those that ended included. */
    public static long allocatedBytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }

    /** The figures of no load at all, for others to follow. */
    public static Figures nothing() {
        return new Figures(histogram(), 0, 0, 0, 0, 0, 0);
    }

    public static Figures run(ReadPath path, Load load) {
        return load.isClosed() ? closed(path, load.durationNs()) : open(path, load.rate(), load.durationNs());
    }

    private static Figures closed(ReadPath path, long durationNs) {
        Histogram latencies = histogram();
        long hits = 0;
        long misses = 0;
        long allocatedBefore = allocatedBytes();
        long startNs = System.nanoTime();
        long endNs = startNs;
        do {
            long beganNs = endNs;
            if (path.read()) {
                hits++;
            } else {
                misses++;
            }
            endNs = System.nanoTime();
            latencies.recordValue(Math.min(endNs - beganNs, MAX_LATENCY_NS));
        } while (endNs - startNs < durationNs);
        return new Figures(latencies, hits, misses, (hits + misses) * path.valuesPerRead(), endNs - startNs, 0,
                allocatedBytes() - allocatedBefore);
    }

    /**
     * A closed loop of several readers at once, each on a thread of its own; the figures are of all.
     *
     * @throws RuntimeException what one of them threw.
     */
    public static Figures runTogether(List<? extends ReadPath> paths, long durationNs) {
        long allocatedBefore = allocatedBytes();
        List<CompletableFuture<Figures>> running = new ArrayList<>();
        for (ReadPath path : paths) {
            CompletableFuture<Figures> future = new CompletableFuture<>();
            running.add(future);
            Thread.ofPlatform().daemon().name("reader-" + running.size()).start(() -> {
                try {
                    future.complete(closed(path, durationNs));
                } catch (RuntimeException | Error e) {
                    future.completeExceptionally(e);
                }
            });
        }
        Histogram latencies = histogram();
        long hits = 0;
        long misses = 0;
        long values = 0;
        long tookNs = 0;
        for (CompletableFuture<Figures> future : running) {
            Figures one = future.join();
            latencies.add(one.latencies());
            hits += one.hits();
            misses += one.misses();
            values += one.valueCount();
            tookNs = Math.max(tookNs, one.tookNs());
        }
        return new Figures(latencies, hits, misses, values, tookNs, 0,
                allocatedBytes() - allocatedBefore);
    }

    private static Figures open(ReadPath path, long rate, long durationNs) {
        Histogram latencies = histogram();
        long readCount = Math.max(1, Math.round(durationNs * 1e-9 * rate));
        double intervalNs = 1e9 / rate;
        long hits = 0;
        long misses = 0;
        long allocatedBefore = allocatedBytes();
        long startNs = System.nanoTime();
        long endNs = startNs;
        // Twice as long is late enough to tell.
        for (long i = 0; i < readCount && endNs - startNs < 2 * durationNs + NAP_FROM_NS; i++) {
            long dueNs = startNs + (long) (i * intervalNs);
            awaitTime(dueNs);
            if (path.read()) {
                hits++;
            } else {
                misses++;
            }
            endNs = System.nanoTime();
            latencies.recordValue(Math.min(endNs - dueNs, MAX_LATENCY_NS));
        }
        // The last read is due an interval before the end, and may take as long as it takes on a quiet machine.
        long plannedNs = (long) ((readCount - 1) * intervalNs) + latencies.getMinValue();
        return new Figures(latencies, hits, misses, (hits + misses) * path.valuesPerRead(), endNs - startNs, plannedNs,
                allocatedBytes() - allocatedBefore);
    }

    private static void awaitTime(long dueNs) {
        long leftNs = dueNs - System.nanoTime();
        while (leftNs > 0) {
            if (leftNs > NAP_FROM_NS) {
                LockSupport.parkNanos(leftNs - NAP_FROM_NS);
            } else {
                Thread.onSpinWait();
            }
            leftNs = dueNs - System.nanoTime();
        }
    }
}
