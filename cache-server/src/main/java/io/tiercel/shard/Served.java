package io.tiercel.shard;

/** What answered a read. */
public enum Served {
    /** L1, no load. */
    HEAP,
    /** L2, no load. */
    MAPPED,
    /** A load that this read began; the frame is stored. */
    LOADED,
    /** A load that another read had begun already. */
    COLLAPSED,
    /** The store, past the cache: nothing is kept. */
    STORE,
    /** A tier, past the end of its time to live: the store is asked meanwhile, or cannot be. */
    STALE,
    /** A tier, after the store said that nothing has changed. */
    REVALIDATED
}
