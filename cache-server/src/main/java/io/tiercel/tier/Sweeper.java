package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.LIVE;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.Segment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks all frames after invalidations by prefix, a bounded slice at a time: what is covered or expired dies where it
 * lies, and prefixes that were there when the walk began are forgotten at its end, since nothing older can match them
 * any more. Single writer: the shard agent.
 *
 * <p>A frame published during the walk was checked against every prefix when it was published; one that is still being
 * written will be.
 */
final class Sweeper {
    private static final int FRAMES_A_SLICE = 64;
    private static final long SLICE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WALK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final StoreParts parts;
    private final MappedTier mapped;
    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameChecksum checksum = new FrameChecksum();
    private long sweptEpoch;
    private long targetEpoch;
    private boolean walking;
    private boolean complete;
    private boolean walkedBefore;
    private long walkEndedNs;
    private long sliceNs;
    private int slot;
    private @Nullable Segment segment;
    private long generation;
    private int position;

    Sweeper(StoreParts parts, MappedTier mapped) {
        this.parts = parts;
        this.mapped = mapped;
        this.sweptEpoch = parts.invalidations().prefixes() == 0 ? parts.invalidations().epoch() : 0L;
    }

    /** At most one slice. Answers a work count. */
    int doWork(long nowNs) {
        if (!walking) {
            return isDue(nowNs) ? begin(nowNs) : 0;
        }
        if (nowNs - sliceNs < SLICE_INTERVAL_NS) {
            return 0;
        }
        sliceNs = nowNs;
        int walked = walk();
        if (slot >= parts.segments().slotCapacity()) {
            end(nowNs);
        }
        return walked;
    }

    private boolean isDue(long nowNs) {
        Invalidations invalidations = parts.invalidations();
        boolean crowded = invalidations.prefixes() > parts.context().maxPrefixes() / 2;
        return invalidations.epoch() > sweptEpoch
                && (crowded || !walkedBefore || nowNs - walkEndedNs >= WALK_INTERVAL_NS);
    }

    private int begin(long nowNs) {
        walking = true;
        complete = true;
        targetEpoch = parts.invalidations().epoch();
        slot = 0;
        segment = null;
        sliceNs = nowNs;
        return 1;
    }

    private void end(long nowNs) {
        walking = false;
        walkedBefore = true;
        walkEndedNs = nowNs;
        sweptEpoch = targetEpoch;
        if (complete) {
            parts.invalidations().retireThrough(targetEpoch);
        }
    }

    private int walk() {
        int walked = 0;
        while (walked < FRAMES_A_SLICE && slot < parts.segments().slotCapacity()) {
            Segment current = segment;
            if (current == null) {
                enter();
            } else if (!current.isServing(generation) || position >= current.tail()) {
                leave();
            } else {
                sweep(current);
                walked++;
            }
        }
        return walked;
    }

    private void enter() {
        Segment next = parts.segments().segment(slot);
        if (next == null || !next.isServing(next.generation())) {
            slot++;
            return;
        }
        segment = next;
        generation = next.generation();
        position = SegmentDescriptor.HEADER_LENGTH;
    }

    private void leave() {
        segment = null;
        slot++;
    }

    private void sweep(Segment current) {
        frame.wrap(current.buffer(), position);
        if (!checksum.isHeaderWhole(current, frame, generation)) {
            // What lies behind cannot be walked, so that nothing may be forgotten.
            parts.counters().damaged++;
            complete = false;
            leave();
            return;
        }
        position += (int) frame.frameLength();
        if (frame.stateVolatile() == LIVE && isDead(current)) {
            mapped.kill(current, frame);
            mapped.unindex(current, generation, frame);
        }
    }

    private boolean isDead(Segment current) {
        return mapped.isExpired(frame.expiresAtMs(), frame.storedAtMs()) || parts.invalidations()
                .isStale(current.buffer(), frame.keyOffset(), frame.keyLength(), frame.epoch());
    }
}
