package io.tiercel.tier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The tier on the heap: images of small hot frames, and places of larger ones. A Caffeine cache bounded by weight,
 * which does its upkeep on the calling thread. Single writer: the shard agent.
 */
final class HeapTier {
    private final long capacity;
    private final @Nullable Cache<HeapKey, HeapEntry> cache;
    private final HeapKey probe = new HeapKey();
    private long evictions;

    /** A capacity of 0 turns the tier off. */
    HeapTier(long capacity) {
        this.capacity = capacity;
        this.cache = capacity == 0
                ? null
                : Caffeine.newBuilder().executor(Runnable::run).maximumWeight(capacity)
                        .weigher((HeapKey key, HeapEntry entry) -> entry.weight())
                        .evictionListener((key, entry, cause) -> evictions++).build();
    }

    boolean isOn() {
        return cache != null;
    }

    /** The entry of a key, valid or not. Allocates nothing. */
    @Nullable
    HeapEntry find(DirectBuffer key, int offset, int length, long hash) {
        return cache == null ? null : cache.getIfPresent(probe.wrap(key, offset, length, hash));
    }

    void put(HeapEntry entry) {
        if (cache != null && entry.weight() <= capacity) {
            cache.put(entry.key(), entry);
        }
    }

    /** Forgets a key. */
    void remove(DirectBuffer key, int offset, int length, long hash) {
        if (cache != null) {
            cache.invalidate(probe.wrap(key, offset, length, hash));
        }
    }

    void clear() {
        if (cache != null) {
            cache.invalidateAll();
        }
    }

    TierSnapshot.Heap snapshot(long hits, long misses) {
        if (cache == null) {
            return new TierSnapshot.Heap(0, 0, 0, 0, 0, 0);
        }
        cache.cleanUp();
        long used = cache.policy().eviction().map(eviction -> eviction.weightedSize().orElse(0L)).orElse(0L);
        return new TierSnapshot.Heap(capacity, used, cache.estimatedSize(), hits, misses, evictions);
    }
}
