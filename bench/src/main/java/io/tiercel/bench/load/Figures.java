package io.tiercel.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What one load came to. Immutable but for the histogram, which nobody writes any more.
 *
 * @param latencies ns of each read: from when it began in a closed loop, from when it was due at a fixed rate.
 * @param valueCount values read, more than reads where one read brings several.
 * @param tookNs from the first read's begin to the last one's end.
 * @param plannedNs how long it was to take; 0 in a closed loop.
 * @param allocatedBytes by all threads of this process meanwhile.
 */
public record Figures(Histogram latencies, long hits, long misses, long valueCount, long tookNs, long plannedNs,
        long allocatedBytes) {
    /** How much longer than planned a load at a fixed rate may take: a hundredth, or one stall at its very end. */
    private static final long MOST_LATE_SHARE = 100;
    private static final long MOST_LATE_NS = 20_000_000L;

    /** What is wrong with them, empty when nothing is: such figures must not be averaged with others. */
    public String defect() {
        if (hits == 0 || misses > 0) {
            return "hits=" + hits + " misses=" + misses + " expected hits alone";
        }
        return plannedNs > 0 && tookNs - plannedNs > Math.max(plannedNs / MOST_LATE_SHARE, MOST_LATE_NS)
                ? String.format(Locale.ROOT, "missed its rate: took %.3f s, planned %.3f s", tookNs / 1e9,
                        plannedNs / 1e9)
                : "";
    }

    /** What this and another load after it came to. */
    public Figures then(Figures next) {
        Histogram both = Loads.histogram();
        both.add(latencies);
        both.add(next.latencies);
        return new Figures(both, hits + next.hits, misses + next.misses, valueCount + next.valueCount,
                tookNs + next.tookNs, plannedNs + next.plannedNs, allocatedBytes + next.allocatedBytes);
    }

    public double valuesPerSecond() {
        return valueCount * 1e9 / Math.max(1, tookNs);
    }

    public double bytesAllocatedPerValue() {
        return allocatedBytes / (double) Math.max(1, valueCount);
    }

    public long percentileNs(double percentile) {
        return latencies.getValueAtPercentile(percentile);
    }

    /** All latencies, in HdrHistogram's compressed encoding (V2), as Base64. */
    public String encodedLatencies() {
        ByteBuffer encoded = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(encoded);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
    }
}
