package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.tier.Clock;
import io.tiercel.tier.TieredStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keys that their stores said are not there, each for its mount's negative TTL. Only a definite answer of the store gets
 * here; an invalidation or a write that covers a key forgets it. Bounded: the oldest goes. Single writer: shard agent.
 */
final class RememberedMisses {
    static final int MOST = 65_536;

    private record Miss(long untilNs, long epoch) {}

    private final TieredStore tiers;
    private final Clock clock;
    private final Map<Key, Miss> misses = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Miss> eldest) {
            return size() > MOST;
        }
    };

    RememberedMisses(TieredStore tiers, Clock clock) {
        this.tiers = tiers;
        this.clock = clock;
    }

    /** @param epoch at which the load began that found nothing. */
    void add(Key key, long epoch, long ttlMs) {
        if (ttlMs > 0) {
            misses.put(key, new Miss(clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(ttlMs), epoch));
        }
    }

    boolean holds(Key key) {
        Miss miss = misses.get(key);
        if (miss == null) {
            return false;
        }
        if (clock.nowNs() - miss.untilNs >= 0 || tiers.isStale(key, miss.epoch)) {
            misses.remove(key);
            return false;
        }
        return true;
    }

    void forget(Key key) {
        misses.remove(key);
    }

    int count() {
        return misses.size();
    }
}
