package io.tiercel.bench.cache;

/** The caches that are compared, ours first. */
public enum CacheSystem {
    /** The node's heap tier, in front of its mapped one. */
    L1,
    /** The node's mapped tier alone. */
    L2,
    CAFFEINE,
    EHCACHE,
    OHC,
    CHRONICLE,
    LMDB;

    /** An empty cache. */
    public PayloadCache open(CacheRoom room) {
        return switch (this) {
            case L1 -> StoreCache.heap(room);
            case L2 -> StoreCache.mapped(room);
            case CAFFEINE -> new CaffeineCache(room);
            case EHCACHE -> new EhcacheCache(room);
            case OHC -> new OhcCache(room);
            case CHRONICLE -> new ChronicleCache(room);
            case LMDB -> new LmdbCache(room);
        };
    }
}
