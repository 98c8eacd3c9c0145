package io.tiercel.bench.replay;

import io.tiercel.eviction.AdaptivePolicy;
import io.tiercel.eviction.EvictionPolicy;

/** Asks the node's eviction policy alone for each request of a trace; what it did not keep is a miss. */
final class PolicyReplay {
    /** Fixed, so that a replay can be repeated. */
    private static final long SECRET = 42;

    private PolicyReplay() {}

    static ReplayResult run(String name, Trace trace, long capacity) {
        try (EvictionPolicy policy = new AdaptivePolicy(capacity, trace.mostEntries(capacity), SECRET,
                (place, deltaBytes) -> {})) {
            long misses = 0;
            long requestedBytes = 0;
            long missedBytes = 0;
            for (int i = 0; i < trace.length(); i++) {
                long size = trace.size(i);
                requestedBytes += size;
                if (!policy.onRequest(trace.key(i), size, 0)) {
                    misses++;
                    missedBytes += size;
                }
            }
            return new ReplayResult(name, capacity, trace.length(), misses, requestedBytes, missedBytes);
        }
    }
}
