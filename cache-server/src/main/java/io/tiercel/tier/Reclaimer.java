package io.tiercel.tier;

import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentState;
import io.tiercel.segment.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes segments back, a bounded slice at a time: the segment with the least worth keeping is drained, then its
 * generation is raised, and its memory is handed on when no lease, read or write is left in it. Single writer: the
 * shard agent.
 *
 * <p>Choosing by kept bytes is the greedy cleaning of log-structured stores; new frames and survivors lie in segments
 * of their own, so that what dies young dies together. Sources: M. Rosenblum, J. K. Ousterhout, "The Design and
 * Implementation of a Log-Structured File System", 1992, section 3.5; S. M. Rumble et al., "Log-structured Memory for
 * DRAM-based Storage", 2014.
 */
final class Reclaimer {
    private static final int FRAMES_A_TURN = 64;
    private static final int BYTES_A_TURN = 128 * 1024;
    /** A segment of which so much is dead, in fourths, is taken back before anybody needs it. */
    private static final int WASTE_FOURTHS = 1;

    private final SegmentTable segments;
    private final MappedTier mapped;
    private final StoreCounters counters;
    private final List<Drain> drains = new ArrayList<>();
    private SurvivorRoom survivors = length -> null;

    Reclaimer(StoreParts parts, MappedTier mapped) {
        this.segments = parts.segments();
        this.mapped = mapped;
        this.counters = parts.counters();
    }

    /** Where survivors go from now on; until it is told nothing survives. */
    void survivors(SurvivorRoom room) {
        survivors = room;
    }

    private boolean isEligible(Segment segment) {
        return segment.state() == SegmentState.SEALED && !segments.isRecovering() && segments.isQuiet(segment);
    }

    /** Begins to take the segment with the least worth keeping back; false when none can be. */
    boolean begin() {
        return begin(true);
    }

    /** As {@link #begin()}, among those whose memory can be written again in its place. */
    boolean beginRegular() {
        return begin(false);
    }

    private boolean begin(boolean large) {
        Segment victim = leastKept(large);
        if (victim == null) {
            return false;
        }
        begin(victim);
        return true;
    }

    /** Begins to take back a segment of which much is dead; false when there is none. */
    boolean beginWasted() {
        for (int slot = 0; slot < segments.slotCapacity(); slot++) {
            Segment segment = segments.segment(slot);
            if (segment != null && isWasted(segment) && isEligible(segment)) {
                begin(segment);
                return true;
            }
        }
        return false;
    }

    /**
     * Takes the file of a large frame that is dead back at once, for another that it suits. Answers it, reclaiming, or
     * null when there is none that nobody reads.
     */
    @Nullable
    Segment takeDead(long frameLength) {
        for (int slot = 0; slot < segments.slotCapacity(); slot++) {
            Segment segment = segments.segment(slot);
            if (segment != null && segment.liveBytes() == 0 && isLarge(segment)
                    && StoreSizes.suits(segment.fileLength(), frameLength) && isEligible(segment)) {
                segments.beginDrain(segment);
                segments.beginReclaim(segment);
                if (segments.isQuiet(segment)) {
                    return segment;
                }
                Drain drain = drainOf(segment); // somebody came to read it meanwhile
                drain.reclaiming();
                drains.add(drain);
            }
        }
        return null;
    }

    private static boolean isWasted(Segment segment) {
        return segment.state() == SegmentState.SEALED
                && (segment.liveBytes() == 0 || segment.deadBytes() > (long) segment.tail() / 4 * WASTE_FOURTHS);
    }

    private @Nullable Segment leastKept(boolean large) {
        Segment least = null;
        for (int slot = 0; slot < segments.slotCapacity(); slot++) {
            Segment segment = segments.segment(slot);
            if (segment != null && (large || !isLarge(segment)) && (least == null || isLess(segment, least))
                    && isEligible(segment)) {
                least = segment;
            }
        }
        return least;
    }

    /** Whether less of one than of the other is kept, in shares; of equals the older. */
    private static boolean isLess(Segment one, Segment other) {
        double share = (double) one.keptBytes() / one.fileLength();
        double otherShare = (double) other.keptBytes() / other.fileLength();
        return share < otherShare || (share == otherShare && one.sealOrder() < other.sealOrder());
    }

    /** Begins to take a sealed segment back. */
    void begin(Segment segment) {
        segments.beginDrain(segment);
        drains.add(drainOf(segment));
    }

    private Drain drainOf(Segment segment) {
        return new Drain(segment, mapped, survivors, counters, !isLarge(segment));
    }

    /** A large frame has its file to itself: to carry it would be to keep the file. */
    private boolean isLarge(Segment segment) {
        return segment.fileLength() != mapped.segmentLength();
    }

    /** A segment's file was cut short: it is neither walked nor copied to any more. */
    void forget(Segment segment) {
        for (int i = drains.size() - 1; i >= 0; i--) {
            Drain drain = drains.get(i);
            drain.forget(segment);
            if (drain.segment() == segment) {
                drain.abandon();
                drains.remove(i);
            }
        }
    }

    /** One slice. Segments that are done go to {@code done}, still reclaiming. Answers a work count. */
    int doWork(Consumer<Segment> done) {
        int work = 0;
        for (int i = drains.size() - 1; i >= 0; i--) {
            Drain drain = drains.get(i);
            if (!drain.isDrained()) {
                work += work < FRAMES_A_TURN ? drain.doWork(FRAMES_A_TURN - work, BYTES_A_TURN) : 0;
            }
            if (drain.isDrained() && !drain.isReclaiming()) {
                drain.reclaiming();
                segments.beginReclaim(drain.segment());
            }
            if (drain.isReclaiming() && segments.isQuiet(drain.segment())) {
                drains.remove(i);
                done.accept(drain.segment());
                work++;
            }
        }
        return work;
    }

    /** Bytes of segments that will be free without waiting for anybody. */
    long comingBytes() {
        long bytes = 0;
        for (Drain drain : drains) {
            bytes += segments.isQuiet(drain.segment()) ? drain.segment().fileLength() : 0;
        }
        return bytes;
    }

    boolean isIdle() {
        return drains.isEmpty();
    }

    /** Leaves everything as it is. */
    void close() {
        drains.forEach(Drain::abandon);
    }
}
