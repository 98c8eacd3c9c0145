package io.tiercel.load;

/**
 * How long what a mount's store said may be believed. Immutable; all times in milliseconds, 0 for none.
 *
 * @param ttlMs age at which a frame expires, 0: never; a store that says otherwise wins where {@code obeysStore}.
 * @param ttlJitter part of the time to live that is taken off at random, 0 to 1, so that what was loaded together does
 *     not expire together.
 * @param negativeTtlMs how long it is remembered that a key was not there.
 * @param staleWhileRevalidateMs after its end, how long a frame is still served while it is asked for anew.
 * @param staleIfErrorMs after its end, how long a frame is served when the store cannot be asked.
 * @param refreshAheadMs before its end, when a read of a frame has it loaded anew.
 * @param isSliding whether each read begins the time to live anew.
 * @param obeysStore whether the store's max-age, no-store and Expires count.
 */
public record Freshness(long ttlMs, double ttlJitter, long negativeTtlMs, long staleWhileRevalidateMs,
        long staleIfErrorMs, long refreshAheadMs, boolean isSliding, boolean obeysStore) {
    /** Never expires; a miss is remembered for a second. */
    public static final Freshness USUAL = new Freshness(0, 0.1, 1_000, 0, 0, 0, false, true);

    /** The same with another time to live. */
    public Freshness withTtl(long newTtlMs) {
        return new Freshness(newTtlMs, ttlJitter, negativeTtlMs, staleWhileRevalidateMs, staleIfErrorMs, refreshAheadMs,
                isSliding, obeysStore);
    }

    /** The same with another jitter. */
    public Freshness withJitter(double newJitter) {
        return new Freshness(ttlMs, newJitter, negativeTtlMs, staleWhileRevalidateMs, staleIfErrorMs, refreshAheadMs,
                isSliding, obeysStore);
    }

    /** The same with another time for what is not there. */
    public Freshness withNegativeTtl(long newNegativeTtlMs) {
        return new Freshness(ttlMs, ttlJitter, newNegativeTtlMs, staleWhileRevalidateMs, staleIfErrorMs, refreshAheadMs,
                isSliding, obeysStore);
    }

    /** The same with other times for what is stale. */
    public Freshness withStale(long whileRevalidateMs, long ifErrorMs) {
        return new Freshness(ttlMs, ttlJitter, negativeTtlMs, whileRevalidateMs, ifErrorMs, refreshAheadMs, isSliding,
                obeysStore);
    }

    /** The same with another time of refreshing ahead. */
    public Freshness withRefreshAhead(long newRefreshAheadMs) {
        return new Freshness(ttlMs, ttlJitter, negativeTtlMs, staleWhileRevalidateMs, staleIfErrorMs, newRefreshAheadMs,
                isSliding, obeysStore);
    }

    /** The same with a time to live that each read begins anew. */
    public Freshness sliding() {
        return new Freshness(ttlMs, ttlJitter, negativeTtlMs, staleWhileRevalidateMs, staleIfErrorMs, refreshAheadMs,
                true, obeysStore);
    }

    /** How long after its end a frame is kept, since it may still be served or be found unchanged. */
    public long graceMs() {
        return Math.max(staleWhileRevalidateMs, staleIfErrorMs);
    }
}
