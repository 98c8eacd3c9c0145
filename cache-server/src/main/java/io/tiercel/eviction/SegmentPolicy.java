package io.tiercel.eviction;

import java.util.function.IntPredicate;

/**
 * Picks the segments to reclaim. It is told what happens to each and is asked when room is needed; what it picks is
 * reclaimed whole. Not threadsafe; the shard agent's. No call allocates but {@link #onSealed}.
 */
public interface SegmentPolicy {
    /** Answer of {@link #nextVictim} when there is none. */
    int NO_VICTIM = -1;

    /** A segment became a candidate. */
    void onSealed(int slot);

    /** A frame of that weight in a slot came alive; also in slots that are no candidates yet. */
    void onLive(int slot, long bytes);

    /** A frame in a slot was read; likewise. */
    void onHit(int slot);

    /** A frame of that weight in a slot died. */
    void onDead(int slot, long bytes);

    /** A segment is no candidate any more. */
    void onReclaimed(int slot);

    /**
     * The candidate to give up next. It stays one until it is told reclaimed.
     *
     * @param eligible whether a slot may be picked now: what is pinned may not.
     * @return a slot, or {@link #NO_VICTIM}.
     */
    int nextVictim(IntPredicate eligible);
}
