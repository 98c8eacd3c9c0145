package io.tiercel.segment;

import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.SegmentDescriptor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All segments of a node by slot, their files' bytes, and the moves between their states. Single writer: the shard
 * agent.
 *
 * <p>The one rule of memory: <em>a segment is written again, or unmapped, only after its generation was raised in the
 * control file and, read after that, no local pin, no writer and no reader's pin is left.</em> Generations of a slot
 * only rise, through files that come and go and through restarts.
 */
public final class SegmentTable {
    /** Answer of {@link #prepare} when every slot is taken. */
    public static final int NO_SLOT = -1;

    private static final Logger LOG = LoggerFactory.getLogger(SegmentTable.class);

    private final ControlFile control;
    private final ReaderDirectory readers;
    private final SegmentPreparer preparer;
    private final long storeId;
    private final @Nullable Segment[] segments;
    private final boolean[] preparing;
    /** Length of the shortest file that a slot has had since the start. */
    private final int[] leastLengths;
    private long fileBytes;
    private long sealCount;
    private int count;
    private int unscanned;

    public SegmentTable(ControlFile control, ReaderDirectory readers, SegmentPreparer preparer, long storeId) {
        this.control = control;
        this.readers = readers;
        this.preparer = preparer;
        this.storeId = storeId;
        this.segments = new Segment[control.slotCapacity()];
        this.preparing = new boolean[control.slotCapacity()];
        this.leastLengths = new int[control.slotCapacity()];
    }

    /** Slots that there are, taken or not. */
    public int slotCapacity() {
        return segments.length;
    }

    /** The segment of a slot, null when it has none or the slot is none. */
    public @Nullable Segment segment(int slot) {
        return slot >= 0 && slot < segments.length ? segments[slot] : null;
    }

    /** The segment in which a frame of that generation may be served, else null. */
    public @Nullable Segment serving(int slot, long generation) {
        Segment segment = segment(slot);
        return segment != null && segment.isServing(generation) ? segment : null;
    }

    /** Bytes of all segment files, also of those being made. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Segments with a file. */
    public int count() {
        return count;
    }

    public void forEach(Consumer<Segment> visitor) {
        for (Segment segment : segments) {
            if (segment != null) {
                visitor.accept(segment);
            }
        }
    }

    /** Asks for a new file of {@code length}. Answers its slot, or {@link #NO_SLOT} when none is free. */
    public int prepare(int length) {
        for (int slot = 0; slot < segments.length; slot++) {
            if (segments[slot] == null && !preparing[slot]) {
                preparing[slot] = true;
                fileBytes += length;
                preparer.prepare(slot, control.generationVolatile(slot) + 1, length);
                return slot;
            }
        }
        return NO_SLOT;
    }

    /** Takes a finished file in; null when it could not be made, and its bytes are free again. */
    public @Nullable Segment install(SegmentPreparer.Prepared prepared) {
        preparing[prepared.slot()] = false;
        fileBytes -= prepared.length();
        return prepared.file() == null
                ? null
                : install(prepared.slot(), prepared.file(), prepared.generation(), prepared.generation(),
                        SegmentState.FREE);
    }

    /** Takes a file in as a segment, and tells clients of it. */
    public Segment install(int slot, SegmentFile file, long generation, long fileGeneration, SegmentState state) {
        Segment segment = new Segment(slot, file, generation, fileGeneration, state);
        segments[slot] = segment;
        leastLengths[slot] = leastLengths[slot] == 0 ? file.length() : Math.min(leastLengths[slot], file.length());
        fileBytes += file.length();
        count++;
        control.fileLength(slot, file.length());
        control.fileGenerationVolatile(slot, fileGeneration);
        control.generationVolatile(slot, generation);
        return segment;
    }

    /**
     * Takes in a file found at the start, whose frames nobody has looked at yet. Where the control file has a higher
     * generation than the header, a reclaim had begun: what the file held is out of service.
     */
    public Segment adopt(SegmentFile file, SegmentHeader header) {
        int slot = header.slot();
        long generation = Math.max(header.generation(), control.generationVolatile(slot));
        if (generation != header.generation()) {
            file.writeHeader(slot, generation, header.fileGeneration(), storeId);
        }
        Segment segment = install(slot, file, generation, header.fileGeneration(), SegmentState.SEALED);
        segment.scanned(false);
        unscanned++;
        return segment;
    }

    /** All frames of an adopted segment are known now, and its end. */
    public void scanned(Segment segment, int tail) {
        segment.scanned(true);
        segment.tail(tail);
        unscanned--;
    }

    /** Whether there are segments of which not every frame is known: nothing may be reclaimed until there are none. */
    public boolean isRecovering() {
        return unscanned > 0;
    }

    /** An adopted segment in which there is room: frames are appended again. */
    public void reactivate(Segment segment) {
        expect(segment, SegmentState.SEALED);
        segment.state(SegmentState.ACTIVE);
    }

    /** Frames are appended to a free segment from now on. */
    public void activate(Segment segment) {
        expect(segment, SegmentState.FREE);
        segment.state(SegmentState.ACTIVE);
    }

    /** Nothing is appended any more. */
    public void seal(Segment segment) {
        expect(segment, SegmentState.ACTIVE);
        segment.state(SegmentState.SEALED);
        segment.sealOrder(++sealCount);
    }

    /** Where an adopted segment, sealed already, comes in the order of age. */
    public void seniority(Segment segment) {
        expect(segment, SegmentState.SEALED);
        segment.sealOrder(++sealCount);
    }

    /** The frames of a sealed segment go elsewhere, or are dropped, from now on. */
    public void beginDrain(Segment segment) {
        expect(segment, SegmentState.SEALED);
        segment.state(SegmentState.DRAINING);
    }

    /**
     * Takes everything in a segment out of service, at once and for good: no lease of its generation succeeds after,
     * and no recovery finds its frames. The old frames can still be walked up to the tail.
     */
    public void beginReclaim(Segment segment) {
        long generation = segment.generation() + 1;
        control.generationVolatile(segment.slot(), generation);
        segment.generation(generation);
        segment.file().writeHeader(segment.slot(), generation, segment.fileGeneration(), storeId);
        segment.state(SegmentState.RECLAIMING);
    }

    /**
     * Takes a segment whose file was cut short out of service, without touching its memory. It is to be removed when it
     * is quiet; its file is not used again.
     */
    public void quarantine(Segment segment) {
        long generation = segment.generation() + 1;
        control.generationVolatile(segment.slot(), generation);
        segment.generation(generation);
        segment.state(SegmentState.QUARANTINED);
    }

    /** Whether nobody reads or writes a segment's memory. Only what holds after {@link #beginReclaim} lasts. */
    public boolean isQuiet(Segment segment) {
        return segment.isIdleLocally() && !readers.isPinned(segment.slot());
    }

    /** Whether a read of this process or a lease of a client holds a segment. */
    public boolean isPinned(Segment segment) {
        return segment.isPinnedLocally() || readers.isPinned(segment.slot());
    }

    /** Bytes of the segments that a reader's leases keep from being reused. */
    public long pinnedBytes(int reader) {
        long bytes = 0L;
        for (Segment segment : segments) {
            if (segment != null && readers.isPinnedBy(reader, segment.slot())) {
                bytes += segment.fileLength();
            }
        }
        return bytes;
    }

    /**
     * Whether a reader pins more than an honest one can at any moment, wherever it is stopped: several segments, beyond
     * its quota also by the shortest files that their slots have had. For it opens a slot for a file's length, and a pin
     * that finds a longer file there is given back, but it counts until then. False while it opens slots under the look,
     * for then what is seen was not pinned at one time.
     */
    public boolean isBeyond(int reader, long pinQuota) {
        long openings = readers.openings(reader);
        long bytes = 0L;
        int pinned = 0;
        for (int slot = 0; slot < segments.length; slot++) {
            if (segments[slot] != null && readers.isPinnedBy(reader, slot)) {
                bytes += leastLengths[slot];
                pinned++;
            }
        }
        return pinned > 1 && bytes > pinQuota && readers.openings(reader) == openings;
    }

    /** Makes a reclaimed, quiet segment free in its place. */
    public void recycle(Segment segment) {
        expect(segment, SegmentState.RECLAIMING);
        segment.file().clearFirstFrame();
        segment.emptied();
    }

    /** Gives up the file of a reclaimed or quarantined, quiet or of a free segment. */
    public void remove(Segment segment) {
        if (segment.state() == SegmentState.FREE) {
            control.generationVolatile(segment.slot(), segment.generation() + 1);
        } else if (segment.state() != SegmentState.QUARANTINED) {
            expect(segment, SegmentState.RECLAIMING);
        }
        forget(segment);
        preparer.remove(segment.file());
    }

    private void forget(Segment segment) {
        control.fileGenerationVolatile(segment.slot(), 0L);
        segments[segment.slot()] = null;
        fileBytes -= segment.fileLength();
        count--;
        segment.state(SegmentState.GONE);
    }

    /**
     * Gives up the files that are still read or written in this process, but not their mappings: no later node can
     * write under them then. What they held is gone.
     */
    public void dropBusy() {
        for (Segment segment : segments) {
            if (segment != null && !segment.isIdleLocally()) {
                control.generationVolatile(segment.slot(), segment.generation() + 1);
                forget(segment);
                if (!segment.file().path().toFile().delete()) {
                    LOG.warn("cannot delete {}", segment.file().path());
                }
            }
        }
    }

    /** Waits until the disk has all that was written. */
    public void force() {
        forEach(segment -> segment.file().force());
    }

    /** Unmaps all; after {@link #dropBusy}. */
    public void close() {
        forEach(segment -> {
            segment.state(SegmentState.GONE);
            segment.file().close();
        });
    }

    private static void expect(Segment segment, SegmentState state) {
        if (segment.state() != state) {
            throw new IllegalStateException("segment slot=" + segment.slot() + " is " + segment.state()
                    + ", expected " + state);
        }
    }

    /** Length of a segment that holds one frame of that length. */
    public static long largeSegmentLength(long frameLength) {
        return SegmentDescriptor.HEADER_LENGTH + frameLength;
    }
}
