package io.tiercel.tier;

/** The time that a node goes by; tests own one that they move by hand. Threadsafe. */
public interface Clock {
    /** Milliseconds since 1970; never goes back. */
    long nowMs();

    /** Nanoseconds since an arbitrary point; never goes back. */
    long nowNs();
}
