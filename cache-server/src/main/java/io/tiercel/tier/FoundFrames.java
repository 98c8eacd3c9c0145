package io.tiercel.tier;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.Segment;

/**
 * Some frames of one segment, as the walker found them. Filled by the walker, then the shard agent's: the queue between
 * them hands it over.
 */
final class FoundFrames {
    static final int CAPACITY = 256;

    /** In place of a state: header whole, the state or the rest not. */
    static final int DAMAGED = -1;

    private final Segment segment;
    private final int[] offsets = new int[CAPACITY];
    private final int[] states = new int[CAPACITY];
    private final long[] hashes = new long[CAPACITY];
    private int count;
    private boolean last;
    private boolean whole = true;
    private int tail;

    FoundFrames(Segment segment) {
        this.segment = segment;
    }

    void add(FrameFlyweight frame, int state, long hash) {
        offsets[count] = frame.offset();
        states[count] = state;
        hashes[count] = hash;
        count++;
    }

    boolean isFull() {
        return count == CAPACITY;
    }

    /** Nothing of the segment comes after this. */
    FoundFrames last(boolean isWhole, int end) {
        last = true;
        whole = isWhole;
        tail = end;
        return this;
    }

    Segment segment() {
        return segment;
    }

    int count() {
        return count;
    }

    int offset(int i) {
        return offsets[i];
    }

    /** WRITING, LIVE or {@link #DAMAGED}. */
    int state(int i) {
        return states[i];
    }

    long hash(int i) {
        return hashes[i];
    }

    /** Whether the segment was walked to its end with this. */
    boolean isLast() {
        return last;
    }

    /** Whether the walk ended where the frames do, and not at damage. */
    boolean isWhole() {
        return whole;
    }

    /** Where it ended. */
    int tail() {
        return tail;
    }
}
