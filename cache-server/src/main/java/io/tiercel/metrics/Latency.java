package io.tiercel.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Latencies of one operation: recorded into an HdrHistogram, shown as classic buckets, since those add up over nodes
 * and quantiles do not. Bucket edges are exact to 1 %. Threadsafe; recording is wait-free.
 */
final class Latency {
    /** Above this, what happens is counted as this long. */
    private static final long HIGHEST_NS = TimeUnit.HOURS.toNanos(1);
    private static final long LOWEST_NS = 1000;
    private static final int DIGITS = 2;
    private static final long MAX_WINDOW_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long[] EDGES_US = {50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
        250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000};
    private static final double NS_PER_S = 1e9;

    private final Recorder recorder = new Recorder(LOWEST_NS, HIGHEST_NS, DIGITS);
    private final Labels labels;

    // Guarded by this.
    private final Histogram total = new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
    private Histogram interval = recorder.getIntervalHistogram();
    private long windowStartNs;
    private long windowMaxNs;
    private long previousMaxNs;
    private double sumS;

    Latency(Labels labels, long nowNs) {
        this.labels = labels;
        this.windowStartNs = nowNs;
    }

    Labels labels() {
        return labels;
    }

    void record(long latencyNs) {
        recorder.recordValue(Math.clamp(latencyNs, 0, HIGHEST_NS));
    }

    /** Takes in what was recorded since the last time and shows all of it. */
    synchronized HistogramDataPointSnapshot collect(long nowNs) {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        sumS += interval.getMean() * interval.getTotalCount() / NS_PER_S;
        if (nowNs - windowStartNs > MAX_WINDOW_NS) {
            previousMaxNs = windowMaxNs;
            windowMaxNs = 0;
            windowStartNs = nowNs;
        }
        windowMaxNs = Math.max(windowMaxNs, interval.getMaxValue());
        return HistogramDataPointSnapshot.builder().labels(labels).classicHistogramBuckets(buckets()).sum(sumS).build();
    }

    /** Longest of the last minute or two, as of the last {@link #collect}. */
    synchronized double maxS() {
        return Math.max(windowMaxNs, previousMaxNs) / NS_PER_S;
    }

    private ClassicHistogramBuckets buckets() {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (long edgeUs : EDGES_US) {
            long upTo = total.getCountBetweenValues(0, TimeUnit.MICROSECONDS.toNanos(edgeUs));
            buckets.bucket(edgeUs / 1e6, upTo - below);
            below = upTo;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, total.getTotalCount() - below).build();
    }
}
