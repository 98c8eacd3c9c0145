package io.tiercel.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private final Latency latency = new Latency(Labels.EMPTY, 0);

    @Test
    void shouldCountIntoBucketsAndKeepThem() {
        latency.record(TimeUnit.MICROSECONDS.toNanos(40));
        latency.record(TimeUnit.MICROSECONDS.toNanos(700));
        latency.collect(1);
        latency.record(TimeUnit.MICROSECONDS.toNanos(800));
        latency.record(TimeUnit.HOURS.toNanos(2));

        HistogramDataPointSnapshot shown = latency.collect(2);

        assertThat(countAt(shown, 50e-6)).isEqualTo(1);
        assertThat(countAt(shown, 1e-3)).isEqualTo(2);
        assertThat(countAt(shown, 2.5e-3)).isZero();
        assertThat(countAt(shown, Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(shown.getCount()).isEqualTo(4);
        assertThat(shown.getSum()).isCloseTo(3600, within(40.0));
    }

    @Test
    void shouldForgetAMaximumAfterAWhile() {
        long windowNs = TimeUnit.SECONDS.toNanos(61);
        latency.record(TimeUnit.SECONDS.toNanos(5));
        latency.collect(1);
        assertThat(latency.maxS()).isCloseTo(5, within(0.1));

        latency.collect(windowNs);
        assertThat(latency.maxS()).isCloseTo(5, within(0.1));
        latency.record(TimeUnit.MILLISECONDS.toNanos(3));
        latency.collect(2 * windowNs);

        assertThat(latency.maxS()).isCloseTo(0.003, within(0.001));
    }

    private static long countAt(HistogramDataPointSnapshot shown, double upperBound) {
        for (ClassicHistogramBucket bucket : shown.getClassicBuckets()) {
            if (Math.abs(bucket.getUpperBound() - upperBound) < 1e-9 || bucket.getUpperBound() == upperBound) {
                return bucket.getCount();
            }
        }
        throw new AssertionError("no bucket " + upperBound);
    }
}
