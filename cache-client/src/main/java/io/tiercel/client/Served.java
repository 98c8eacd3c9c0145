package io.tiercel.client;

/** What answered a read. */
public enum Served {
    /** The node's heap tier. */
    HEAP,
    /** The mapped tier; a repeat read that needed no round trip as well. */
    MAPPED,
    /** A load from the store that this read began. */
    LOADED,
    /** A load from the store that another read had begun. */
    COLLAPSED,
    /** The store, past the cache. */
    STORE,
    /** A tier, past the end of its time to live: the store is asked meanwhile, or cannot be. */
    STALE,
    /** A tier, after the store said that nothing has changed. */
    REVALIDATED
}
