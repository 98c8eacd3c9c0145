package io.tiercel.tier;

/**
 * Which keys the eviction policy was told of just now: what is asked for again at once, and again, is one request to it.
 * A table by hash, one key a place, so that a key which shares its place is told of too often and never too seldom.
 * Allocates nothing. Single writer: the shard agent.
 *
 * <p>Why: to tell the policy costs several times what a hit does. What it would learn of a key within such a moment, it
 * knows already.
 *
 * <p>Sources: 1. E. O'Neil, P. O'Neil, G. Weikum, "The LRU-K Page Replacement Algorithm", SIGMOD 1993, section 2.1.1
 * (correlated references).
 */
final class RecentRequests {
    private static final int PLACES = 1 << 12;
    private static final long KEPT = 1L;

    private final long intervalNs;
    /** A hash, and behind it when the policy was told, with {@link #KEPT} in the lowest bit. */
    private final long[] told = new long[2 * PLACES];
    private long nowNs;

    /** @param intervalNs for which a request stands, 0 to have each told. */
    RecentRequests(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    /** A turn begins. */
    void nowNs(long turnNs) {
        nowNs = turnNs;
    }

    /** Whether the policy has just been told of a key. */
    boolean isKnown(long hash) {
        int place = placeOf(hash);
        return told[place] == hash && intervalNs > 0 && nowNs - (told[place + 1] & ~KEPT) < intervalNs;
    }

    /** What the policy answered when it was told; of a key that is known. */
    boolean wasKept(long hash) {
        return (told[placeOf(hash) + 1] & KEPT) != 0;
    }

    /** The policy is told of a key, and has answered. */
    void add(long hash, boolean kept) {
        int place = placeOf(hash);
        told[place] = hash;
        told[place + 1] = (nowNs & ~KEPT) | (kept ? KEPT : 0);
    }

    private static int placeOf(long hash) {
        return 2 * ((int) (hash >>> 40) & PLACES - 1);
    }
}
