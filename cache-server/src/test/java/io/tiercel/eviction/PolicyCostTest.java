package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an entry costs the policy: counted, and in the long form printed with the time of a request. */
class PolicyCostTest {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyCostTest.class);
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int ENTRIES = IS_FULL ? 1_000_000 : 100_000;
    private static final int REQUESTS = 10 * ENTRIES;
    /** Bytes outside the heap for an entry that is kept, with all that is remembered of others. */
    private static final int MOST_OUTSIDE = 120;
    /** The same where everything fits and nothing was ever given up. */
    private static final int MOST_OUTSIDE_OF_WHAT_FITS = 70;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldTakeNextToNoHeapForAnEntry() {
        new AdaptivePolicy(ENTRIES, ENTRIES, 42, (place, delta) -> {}).close(); // loads classes
        long before = threads.getCurrentThreadAllocatedBytes();
        try (AdaptivePolicy policy = new AdaptivePolicy(ENTRIES, ENTRIES, 42, (place, delta) -> {})) {
            request(policy, 1, REQUESTS);
            long heapBytes = threads.getCurrentThreadAllocatedBytes() - before;
            long beganNs = threads.getCurrentThreadCpuTime();
            request(policy, 2, REQUESTS);
            long ns = threads.getCurrentThreadCpuTime() - beganNs;

            LOG.info("kept={} rows={} heap={} B/entry, outside={} B/entry, {} ns/request", policy.keptCount(),
                    policy.rowCount(), (double) heapBytes / policy.keptCount(),
                    (double) policy.offHeapBytes() / policy.keptCount(), (double) ns / REQUESTS);
            assertThat(policy.keptCount()).isGreaterThan(ENTRIES * 9L / 10);
            assertThat(heapBytes).as("bytes allocated on the heap until then, whether still held or not")
                    .isLessThan(8 * policy.keptCount());
            assertThat(policy.offHeapBytes()).as("bytes outside the heap").isLessThan(MOST_OUTSIDE * policy
                    .keptCount());
        }
    }

    @Test
    void shouldTakeFewBytesOutsideTheHeapForAnEntryWhereAllFit() {
        try (AdaptivePolicy policy = new AdaptivePolicy(ENTRIES, ENTRIES, 42, (place, delta) -> {})) {
            for (long hash = 0; hash < ENTRIES; hash++) {
                policy.onRequest(hash, 1, 0);
            }

            LOG.info("kept={} rows={} outside={} B/entry", policy.keptCount(), policy.rowCount(),
                    (double) policy.offHeapBytes() / ENTRIES);
            assertThat(policy.keptCount()).isEqualTo(ENTRIES);
            assertThat(policy.offHeapBytes()).as("bytes outside the heap")
                    .isLessThan((long) MOST_OUTSIDE_OF_WHAT_FITS * ENTRIES);
        }
    }

    /** Keys by a power law over eight times as many as there is room for. */
    private static void request(AdaptivePolicy policy, long seed, int count) {
        long x = seed * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < count; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            double uniform = (x >>> 11) * 0x1.0p-53;
            long key = (long) (8.0 * ENTRIES * uniform * uniform * uniform);
            policy.onRequest(Mixer.mix(key + 1), 1, 0);
        }
    }
}
