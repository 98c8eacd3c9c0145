package io.tiercel.segment;

import io.tiercel.mapped.SegmentDescriptor;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One segment file in use, and what the node knows of it. Single writer: the shard agent.
 *
 * <p>Local pins and writers are counts of reads and allocations in this process; leases of clients are counted in
 * their reader files. Memory is reused, and a mapping given up, only when all of them are zero.
 */
public final class Segment {
    private final int slot;
    private final SegmentFile file;
    private final UnsafeBuffer buffer;
    private final ByteBuffer bytes;
    private final long fileGeneration;

    private long generation;
    private SegmentState state;
    private int tail = SegmentDescriptor.HEADER_LENGTH;
    private long liveBytes;
    private long keptBytes;
    private long earliestExpiryMs = Long.MAX_VALUE;
    private long sealOrder;
    private int localPins;
    private int writers;
    private boolean scanned = true;

    Segment(int slot, SegmentFile file, long generation, long fileGeneration, SegmentState state) {
        this.slot = slot;
        this.file = file;
        this.buffer = file.buffer();
        this.bytes = file.buffer().byteBuffer().duplicate();
        this.generation = generation;
        this.fileGeneration = fileGeneration;
        this.state = state;
    }

    /** Number of the file, and index of its entry in the control file. */
    public int slot() {
        return slot;
    }

    /** The file that is mapped. */
    public SegmentFile file() {
        return file;
    }

    /** The mapping; empty once it is unmapped. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** The mapping as its checksums are taken. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Its bytes for a walk of the caller's own; for any thread. */
    public SegmentView view() {
        return SegmentView.of(buffer, generation);
    }

    /** Whether all its frames are known: false for one found at the start, until it was walked. */
    public boolean isScanned() {
        return scanned;
    }

    void scanned(boolean value) {
        this.scanned = value;
    }

    /** Bytes of the file. */
    public int fileLength() {
        return file.length();
    }

    public long fileGeneration() {
        return fileGeneration;
    }

    /** Generation of the frames that may be served from it now. */
    public long generation() {
        return generation;
    }

    void generation(long newGeneration) {
        this.generation = newGeneration;
    }

    public SegmentState state() {
        return state;
    }

    void state(SegmentState newState) {
        this.state = newState;
    }

    /** Where the next frame goes. */
    public int tail() {
        return tail;
    }

    public void tail(int newTail) {
        this.tail = newTail;
    }

    /** Bytes left behind the tail. */
    public int room() {
        return fileLength() - tail;
    }

    /** Bytes of frames that may be served. */
    public long liveBytes() {
        return liveBytes;
    }

    /** Counts a frame that came alive, or with a negative length one that died. */
    public void addLiveBytes(long length) {
        liveBytes += length;
    }

    /** Bytes of frames that the policy would keep. */
    public long keptBytes() {
        return keptBytes;
    }

    /** Counts what the policy keeps here now, or with a negative number no more. */
    public void addKeptBytes(long delta) {
        keptBytes += delta;
    }

    /** Bytes of frames that are dead, and lie here still. */
    public long deadBytes() {
        return tail - SegmentDescriptor.HEADER_LENGTH - liveBytes;
    }

    /** When the first of its frames expires, in ms since 1970; {@link Long#MAX_VALUE} when none does. */
    public long earliestExpiryMs() {
        return earliestExpiryMs;
    }

    public void earliestExpiryMs(long newEarliestMs) {
        this.earliestExpiryMs = newEarliestMs;
    }

    /** A frame that expires, 0 for never, came to lie here. */
    public void noteExpiry(long expiresAtMs) {
        if (expiresAtMs != 0L && expiresAtMs < earliestExpiryMs) {
            earliestExpiryMs = expiresAtMs;
        }
    }

    /** Rises with every seal: the lower, the longer ago. */
    public long sealOrder() {
        return sealOrder;
    }

    void sealOrder(long newOrder) {
        this.sealOrder = newOrder;
    }

    /** Whether its file was cut short: its memory must not be touched. */
    public boolean isQuarantined() {
        return state == SegmentState.QUARANTINED;
    }

    /** Whether a descriptor of that generation still names what lies here. */
    public boolean isServing(long frameGeneration) {
        return generation == frameGeneration && (state == SegmentState.ACTIVE || state == SegmentState.SEALED
                || state == SegmentState.DRAINING);
    }

    public void pin() {
        localPins++;
    }

    public void unpin() {
        localPins--;
    }

    public void writerAdded() {
        writers++;
    }

    public void writerRemoved() {
        writers--;
    }

    /** Whether allocations in it are still being written. */
    public boolean isWritten() {
        return writers != 0;
    }

    /** Whether reads of this process hold it. */
    public boolean isPinnedLocally() {
        return localPins != 0;
    }

    /** Whether nothing in this process reads or writes it. */
    public boolean isIdleLocally() {
        return localPins == 0 && writers == 0;
    }

    /** Back to the empty state, for frames of the generation that was set when reclaim began. */
    void emptied() {
        tail = SegmentDescriptor.HEADER_LENGTH;
        liveBytes = 0;
        keptBytes = 0;
        earliestExpiryMs = Long.MAX_VALUE;
        state = SegmentState.FREE;
    }
}
