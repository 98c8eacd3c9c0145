package io.tiercel.tier;

/** Where the bytes of a frame lie. */
public enum Tier {
    /** An image on the heap. */
    HEAP,
    /** A mapped segment. */
    MAPPED
}
