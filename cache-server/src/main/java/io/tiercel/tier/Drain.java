package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.LIVE;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.FrameMove;
import io.tiercel.segment.Segment;

/**
 * One segment on its way back to use: frame by frame, what is worth keeping is carried into a survivor segment and the
 * rest is dropped, so that in the end nothing in it is alive. What it still holds is served meanwhile. Single writer:
 * the shard agent.
 */
final class Drain {
    /** Of a segment, at most so many eighths are carried: each reclaim frees something. */
    private static final int MOST_CARRIED_EIGHTHS = 7;

    private final Segment segment;
    private final MappedTier mapped;
    private final SurvivorRoom survivors;
    private final StoreCounters counters;
    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameMove move = new FrameMove();
    private final int end;
    private final long mayCarry;
    private int position = SegmentDescriptor.HEADER_LENGTH;
    private long carried;
    private boolean reclaiming;

    Drain(Segment segment, MappedTier mapped, SurvivorRoom survivors, StoreCounters counters, boolean carries) {
        this.segment = segment;
        this.mapped = mapped;
        this.survivors = survivors;
        this.counters = counters;
        this.end = segment.tail();
        this.mayCarry = carries ? (long) segment.fileLength() / 8 * MOST_CARRIED_EIGHTHS : 0L;
    }

    Segment segment() {
        return segment;
    }

    /** Whether no frame is left in it. */
    boolean isDrained() {
        return position >= end && !move.isUnderWay();
    }

    /** Whether its generation was raised: it waits until nobody reads it. */
    boolean isReclaiming() {
        return reclaiming;
    }

    void reclaiming() {
        reclaiming = true;
    }

    /** Goes on for at most so many frames and bytes carried. Answers a work count. */
    int doWork(int frames, int bytes) {
        int work = 0;
        int left = bytes;
        while (work < frames && left > 0 && !isDrained()) {
            work++;
            if (move.isUnderWay()) {
                left -= move.copy(left);
                finishWhenCopied();
            } else {
                left -= next();
            }
        }
        return work;
    }

    /** Carries, drops or skips the frame at the position. Answers bytes copied. */
    private int next() {
        frame.wrap(segment.buffer(), position);
        if (!frame.isInBounds()) {
            counters.damaged++;
            position = end;
            return 0;
        }
        int length = (int) frame.frameLength();
        position += length;
        if (frame.stateVolatile() != LIVE) {
            return 0;
        }
        Segment target = mapped.isWorthCarrying(segment, frame) && carried + length <= mayCarry
                ? survivors.roomFor(length)
                : null;
        if (target == null) {
            counters.evictions += mapped.evict(segment, frame) ? 1 : 0;
            return 0;
        }
        carried += length;
        move.begin(segment, frame.offset(), target);
        finishWhenCopied();
        return length - frame.payloadLength();
    }

    private void finishWhenCopied() {
        if (move.isUnderWay() && move.isCopied()) {
            mapped.finish(segment, move);
        }
    }

    /** A segment's file was cut short: nothing is copied there any more. */
    void forget(Segment cutShort) {
        if (move.isUnderWay() && move.target() == cutShort) {
            move.abort();
        }
    }

    /** Leaves the frame that is being copied where it is. */
    void abandon() {
        if (move.isUnderWay()) {
            move.abort();
        }
    }
}
