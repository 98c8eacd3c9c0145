package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.LIVE;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.Segment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks frames that nobody may be reading any more, a bounded slice at a time, and kills where it lies what is covered by
 * an invalidation or has expired. Single writer: the shard agent.
 *
 * <p>After invalidations by prefix it walks all segments; prefixes that were there when the walk began are forgotten at
 * its end, since nothing older can match them any more. Between those it walks, by the clock, the segments that hold
 * something which has expired: each knows when the first of its frames does.
 *
 * <p>A frame published or carried elsewhere during the walk was checked against every prefix at that moment; one that is
 * still being written will be.
 */
final class Sweeper {
    private static final int FRAMES_A_SLICE = 64;
    private static final long SLICE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WALK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long EXPIRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final StoreParts parts;
    private final MappedTier mapped;
    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameChecksum checksum = new FrameChecksum();
    private long sweptEpoch;
    private long targetEpoch;
    private boolean walking;
    private boolean complete;
    private boolean walkedBefore;
    private boolean everything;
    private boolean introduces;
    private long walkEndedNs;
    private long expiryNs;
    private boolean expirySeen;
    private long sliceNs;
    private int slot;
    private @Nullable Segment segment;
    private long generation;
    private int position;

    /** @param introduces whether its first walk tells the policy of what it finds: after a clean stop nobody else does. */
    Sweeper(StoreParts parts, MappedTier mapped, boolean introduces) {
        this.parts = parts;
        this.mapped = mapped;
        this.introduces = introduces;
        this.sweptEpoch = parts.invalidations().prefixes() == 0 ? parts.invalidations().epoch() : 0L;
    }

    /** At most one slice. Answers a work count. */
    int doWork(long nowNs) {
        if (!walking) {
            return parts.segments().isRecovering() ? 0 : begin(nowNs);
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

    private int begin(long nowNs) {
        everything = isEverythingDue(nowNs);
        if (!everything && !isExpiryDue(nowNs)) {
            return 0;
        }
        walking = true;
        complete = true;
        targetEpoch = parts.invalidations().epoch();
        if (everything) {
            parts.invalidations().beginSweep();
        }
        slot = 0;
        segment = null;
        sliceNs = nowNs;
        return 1;
    }

    private boolean isEverythingDue(long nowNs) {
        Invalidations invalidations = parts.invalidations();
        boolean crowded = invalidations.prefixes() > parts.context().maxPrefixes() / 2;
        return invalidations.epoch() > sweptEpoch
                && (crowded || !walkedBefore || nowNs - walkEndedNs >= WALK_INTERVAL_NS);
    }

    private boolean isExpiryDue(long nowNs) {
        if (expirySeen && nowNs - expiryNs < EXPIRY_INTERVAL_NS) {
            return false;
        }
        expirySeen = true;
        expiryNs = nowNs;
        for (int i = 0; i < parts.segments().slotCapacity(); i++) {
            Segment candidate = parts.segments().segment(i);
            if (candidate != null && holdsExpired(candidate)) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsExpired(Segment candidate) {
        return candidate.isServing(candidate.generation())
                && candidate.earliestExpiryMs() <= parts.clock().nowMs();
    }

    private void end(long nowNs) {
        walking = false;
        introduces = false;
        if (!everything) {
            return;
        }
        walkedBefore = true;
        walkEndedNs = nowNs;
        sweptEpoch = targetEpoch;
        if (complete) {
            parts.invalidations().endSweep();
        }
    }

    private int walk() {
        int walked = 0;
        while (walked < FRAMES_A_SLICE && slot < parts.segments().slotCapacity()) {
            Segment current = segment;
            if (current == null) {
                enter();
            } else if (!current.isServing(generation)) {
                leave();
            } else if (position >= current.tail()) {
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
        if (next == null || !next.isServing(next.generation()) || (!everything && !holdsExpired(next))) {
            slot++;
            return;
        }
        // What comes alive in it during the walk notes its own expiry; the walk below looks at what came before.
        next.earliestExpiryMs(Long.MAX_VALUE);
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
        if (frame.stateVolatile() == LIVE) {
            if (mapped.isOver(current, frame)) {
                mapped.kill(current, frame);
                mapped.unindex(current, frame);
            } else {
                current.noteExpiry(mapped.endMs(current, frame));
                if (introduces) {
                    mapped.introduce(current, frame);
                }
            }
        }
    }
}
