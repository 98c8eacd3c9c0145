package io.tiercel.eviction;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.IntPredicate;

/**
 * Oldest first, with a second chance: a segment that was read since it was last looked at goes back to the end of the
 * queue, once a search. A segment with nothing alive in it goes before all others.
 *
 * <p>Cost: O(1) for what happens, O(segments) for a search. Source: the second-chance (clock) page replacement of F. J.
 * Corbato, "A Paging Experiment with the Multics System", 1968; here over whole segments, which die as one.
 */
public final class SecondChancePolicy implements SegmentPolicy {
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private final long[] liveBytes;
    private final long[] hits;

    public SecondChancePolicy(int slotCapacity) {
        this.liveBytes = new long[slotCapacity];
        this.hits = new long[slotCapacity];
    }

    @Override
    public void onSealed(int slot) {
        queue.addLast(slot);
    }

    @Override
    public void onLive(int slot, long bytes) {
        liveBytes[slot] += bytes;
    }

    @Override
    public void onHit(int slot) {
        hits[slot]++;
    }

    @Override
    public void onDead(int slot, long bytes) {
        liveBytes[slot] -= bytes;
    }

    @Override
    public void onReclaimed(int slot) {
        queue.remove(slot);
        hits[slot] = 0;
        liveBytes[slot] = 0;
    }

    @Override
    public int nextVictim(IntPredicate eligible) {
        int empty = firstEmpty(eligible);
        if (empty != NO_VICTIM) {
            return empty;
        }
        int spared = NO_VICTIM;
        for (int left = queue.size(); left > 0; left--) {
            int slot = queue.removeFirst();
            queue.addLast(slot);
            if (!eligible.test(slot)) {
                continue;
            }
            if (hits[slot] == 0) {
                return slot;
            }
            hits[slot] = 0;
            spared = spared == NO_VICTIM ? slot : spared;
        }
        return spared;
    }

    private int firstEmpty(IntPredicate eligible) {
        for (Iterator<Integer> slots = queue.iterator(); slots.hasNext();) {
            int slot = slots.next();
            if (liveBytes[slot] <= 0 && eligible.test(slot)) {
                return slot;
            }
        }
        return NO_VICTIM;
    }
}
