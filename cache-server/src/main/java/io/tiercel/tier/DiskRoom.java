package io.tiercel.tier;

import io.tiercel.segment.SegmentTable;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * What is known of the disk's room. A disk that refused a file is full: from then on it is asked only for what was given
 * back to it since, and once a second for more, to find out whether it has room again. One that failed is asked once a
 * second and no more: what is given back to it does not come again. Single writer: the shard agent.
 */
final class DiskRoom {
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    /** Slots whose files are asked for out of what was given back. */
    private final BitSet outOfGiven = new BitSet();
    private boolean full;
    private boolean failed;
    private long givenBytes;
    private int probe = SegmentTable.NO_SLOT;
    private long retryNs;

    boolean isFull() {
        return full;
    }

    /** Whether the last file was refused for something else than a lack of room. */
    boolean isFailed() {
        return failed;
    }

    /** Bytes that a full disk was given back and has not been asked for again. */
    long givenBytes() {
        return givenBytes;
    }

    boolean mayAsk(long nowNs, int length) {
        return !full || givenBytes >= length || nowNs - retryNs >= 0;
    }

    /** The file of a slot has been asked for. */
    void onAsked(long nowNs, int slot, int length) {
        if (full && givenBytes >= length) {
            givenBytes -= length;
            outOfGiven.set(slot);
        } else if (full) {
            probe = slot;
            retryNs = nowNs + RETRY_NS;
        }
    }

    /** The file of a slot was made. One out of what was given back does not show that there is room again. */
    void onMade(int slot) {
        if (slot == probe) {
            probe = SegmentTable.NO_SLOT;
            full = false;
            failed = false;
            givenBytes = 0;
        }
        outOfGiven.clear(slot);
    }

    /** The file of a slot was refused. Answers whether that much had been given back for it. */
    boolean onRefused(long nowNs, int slot, boolean noRoom) {
        boolean given = outOfGiven.get(slot);
        outOfGiven.clear(slot);
        probe = slot == probe ? SegmentTable.NO_SLOT : probe;
        givenBytes = full && noRoom && !given ? givenBytes : 0; // who took it was not us
        full = true;
        failed = !noRoom;
        retryNs = nowNs + RETRY_NS;
        return given;
    }

    /** A file goes back to the disk. */
    void onGivenUp(int length) {
        givenBytes += full && !failed ? length : 0;
    }
}
