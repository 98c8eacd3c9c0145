package io.tiercel.tier;

/**
 * Which keys the eviction policy was told of just now: what is asked for again at once, and again, is one request to it.
 * A table of sets by hash, {@value #WAYS} keys a set, of which the one told longest ago makes room: a key that finds no
 * room is told of too often and never too seldom. A set is as long as a line of the processor's cache. Allocates nothing.
 * Single writer: the shard agent.
 *
 * <p>Why: to tell the policy costs several times what a hit does. What it would learn of a key within such a moment, it
 * knows already.
 *
 * <p>Sources: 1. E. O'Neil, P. O'Neil, G. Weikum, "The LRU-K Page Replacement Algorithm", SIGMOD 1993, section 2.1.1
 * (correlated references).
 */
final class RecentRequests {
    private static final int WAYS = 4;
    private static final int SETS = 1 << 10;
    private static final int WAY_LENGTH = 2;
    private static final long KEPT = 1L;
    /** In place of a hash; a key of that hash is told of each time. */
    private static final long NONE = 0L;

    private final long intervalNs;
    /** A hash, and behind it when the policy was told, with {@link #KEPT} in the lowest bit. */
    private final long[] told = new long[SETS * WAYS * WAY_LENGTH];
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
        int way = wayOf(hash);
        return hash != NONE && told[way] == hash && intervalNs > 0 && nowNs - toldNs(way) < intervalNs;
    }

    /** What the policy answered when it was told; of a key that is known. */
    boolean wasKept(long hash) {
        return (told[wayOf(hash) + 1] & KEPT) != 0;
    }

    /** The policy is told of a key, and has answered. */
    void add(long hash, boolean kept) {
        int way = wayOf(hash);
        told[way] = hash;
        told[way + 1] = (nowNs & ~KEPT) | (kept ? KEPT : 0);
    }

    private long toldNs(int way) {
        return told[way + 1] & ~KEPT;
    }

    /** Where a key is, or would be. */
    private int wayOf(long hash) {
        int first = WAYS * WAY_LENGTH * ((int) (hash >>> 40) & SETS - 1);
        int oldest = first;
        for (int way = first; way < first + WAYS * WAY_LENGTH; way += WAY_LENGTH) {
            if (told[way] == hash) {
                return way;
            }
            boolean isOlder = told[way] == NONE || toldNs(way) - toldNs(oldest) < 0;
            if (told[oldest] != NONE && isOlder) {
                oldest = way;
            }
        }
        return oldest;
    }
}
