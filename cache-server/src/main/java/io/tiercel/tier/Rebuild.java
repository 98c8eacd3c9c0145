package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.index.FrameIndex;
import io.tiercel.index.OpeningIndex;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds again what segments hold, a bounded slice a turn, while the store serves. The walker reads; this applies what it
 * found: index, live bytes, policy, and the states of frames that are over. Single writer: the shard agent.
 *
 * <p>Why a frame that is found late is never served in the place of a newer one:
 * <ul>
 * <li>Every sequence of this start is above all of those before it ({@link Recovery#firstSequence}), so that between a
 * frame of a former start and one written meanwhile the latter wins, after another crash too.
 * <li>While segments are unscanned no segment is reclaimed and no place leaves the index but for one of a higher
 * sequence: the newer frame, dead or expired as it may be, is there to be compared with
 * ({@link MappedTier#recover}). An expired frame is indexed like any other for the same reason.
 * <li>An invalidation of a key is journalled ({@link TieredStore#invalidate}), which covers frames
 * that nobody has found yet, and outlives another crash.
 * </ul>
 */
final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    /** Frames that are applied in a turn: some 0.2 ms, by which a request may be delayed. */
    static final int FRAMES_A_TURN = 64;

    private final StoreParts parts;
    private final MappedTier mapped;
    private final Reclaimer reclaimer;
    private final SegmentWalker walker;
    private final IndexMaker maker;
    private final OpeningIndex index;
    private final long sequenceLimit;
    private final int segmentCount;
    private final Predicate<Segment> writeOn;
    private final List<Segment> sealed = new ArrayList<>();
    private final FrameFlyweight frame = new FrameFlyweight();
    private @Nullable FoundFrames batch;
    private int position;
    private int walkedCount;
    private long frames;
    private boolean indexFailed;

    /** @param writeOn takes a segment with room, to go on writing in it, or answers false. */
    Rebuild(StoreParts parts, MappedTier mapped, Reclaimer reclaimer, List<Segment> unscanned, OpeningIndex index,
            Predicate<Segment> writeOn) {
        this.parts = parts;
        this.mapped = mapped;
        this.reclaimer = reclaimer;
        this.index = index;
        this.writeOn = writeOn;
        this.segmentCount = unscanned.size();
        this.sequenceLimit = Recovery.firstSequence(parts.openCount());
        this.walker = new SegmentWalker(unscanned, parts.hasher());
        this.maker = new IndexMaker(parts.paths().index(), index.capacity());
    }

    void start() {
        if (segmentCount > 0) {
            walker.start();
        }
    }

    /** Whether frames may still be found. */
    boolean isRunning() {
        return walkedCount < segmentCount;
    }

    int segmentCount() {
        return segmentCount;
    }

    int walkedCount() {
        return walkedCount;
    }

    /** Frames that were applied, dead ones aside. */
    long frameCount() {
        return frames;
    }

    /** One slice. Answers a work count. */
    int doWork() {
        maker.start();
        if (maker.isReady()) {
            supply();
        }
        return (isRunning() ? apply() : 0) + index.transfer(FRAMES_A_TURN);
    }

    /** Waits for the index in the file; for tests that count on it. */
    void awaitIndex() {
        supply();
    }

    private void supply() {
        supply(maker.take());
    }

    private void supply(@Nullable FrameIndex made) {
        if (made != null) {
            index.supply(made);
        }
        indexFailed = !index.isSupplied();
    }

    private int apply() {
        int slice = parts.context().rebuildSlice();
        int work = 0;
        while (work < slice && isRunning() && (indexFailed || index.hasRoomForFound())) {
            FoundFrames current = batch == null ? walker.poll() : batch;
            if (current == null) {
                break;
            }
            batch = current;
            while (work < slice && position < current.count()) {
                apply(current, position++);
                work++;
            }
            if (position == current.count()) {
                batch = null;
                position = 0;
                work++;
                if (current.isLast()) {
                    onWalked(current);
                }
            }
        }
        return work;
    }

    private void apply(FoundFrames found, int i) {
        Segment segment = found.segment();
        frame.wrap(segment.buffer(), found.offset(i));
        frames++;
        if (found.state(i) == WRITING) {
            frame.stateRelease(DEAD);
            return;
        }
        segment.addLiveBytes(frame.frameLength());
        segment.noteExpiry(frame.expiresAtMs());
        if (found.state(i) == FoundFrames.DAMAGED || frame.sequence() >= sequenceLimit) {
            parts.counters().damaged++;
            mapped.kill(segment, frame);
        } else if (parts.invalidations().isStale(segment.buffer(), frame.keyOffset(), frame.keyLength(),
                frame.epoch())) {
            mapped.kill(segment, frame);
        } else {
            mapped.recover(segment, frame, found.hash(i));
        }
    }

    private void onWalked(FoundFrames last) {
        Segment segment = last.segment();
        walkedCount++;
        parts.segments().scanned(segment, last.tail());
        if (!last.isWhole()) {
            LOG.warn("segment slot={} is damaged at offset={}, what lies behind is dropped", segment.slot(),
                    last.tail());
            parts.counters().damaged++;
        }
        if (!last.isWhole() || !hasRoom(segment) || !writeOn.test(segment)) {
            sealed.add(segment);
        }
        if (!isRunning()) {
            settle();
        }
    }

    private boolean hasRoom(Segment segment) {
        return segment.fileLength() == parts.segmentLength() && segment.room() >= segment.fileLength() / 4
                && segment.liveBytes() > 0;
    }

    /** Gives each segment its place: a candidate by age, the oldest first, or taken back since nothing in it is alive. */
    private void settle() {
        mapped.endRecovery();
        for (Segment segment : sealed.reversed()) {
            if (segment.state() == SegmentState.SEALED) {
                if (segment.liveBytes() > 0) {
                    parts.segments().seniority(segment);
                } else {
                    reclaimer.begin(segment);
                }
            }
        }
        LOG.info("the index is rebuilt: segments={} frames={} indexed={}", segmentCount, frames, index.count());
    }

    /** Ends the threads. Answers whether the index is complete: what its file holds may be opened again. */
    boolean close() {
        walker.stop();
        if (isRunning()) {
            maker.giveUp();
            return false;
        }
        supply(maker.take());
        return index.isSupplied();
    }
}
