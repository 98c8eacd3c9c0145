package io.tiercel.index;

/**
 * The value of the index: a frame's place. Mutable and reused, so that a look-up allocates nothing. Not threadsafe.
 */
public final class FramePlace {
    /** Bytes in the index. */
    static final int LENGTH = Long.BYTES + 3 * Integer.BYTES;

    private long generation;
    private int slot;
    private int offset;
    private int verifiedAt;

    public FramePlace wrap(int newSlot, long newGeneration, int newOffset, int newVerifiedAt) {
        this.slot = newSlot;
        this.generation = newGeneration;
        this.offset = newOffset;
        this.verifiedAt = newVerifiedAt;
        return this;
    }

    public int slot() {
        return slot;
    }

    /** Generation of the slot's segment to which the frame belongs. */
    public long generation() {
        return generation;
    }

    /** Offset of the frame in the segment. */
    public int offset() {
        return offset;
    }

    /** Start of the node at which the frame's checksums were last found right, or at which it was written. */
    public int verifiedAt() {
        return verifiedAt;
    }

    /** Whether it is this place, verified or not. */
    public boolean is(int otherSlot, long otherGeneration, int otherOffset) {
        return slot == otherSlot && generation == otherGeneration && offset == otherOffset;
    }
}
