package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.LIVE;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.Segment;

/**
 * One segment on its way back to use: its frames leave the index in slices, then it waits until nobody reads it.
 * Single writer: the shard agent.
 */
final class Reclaim {
    private final Segment segment;
    private final long oldGeneration;
    private final int end;
    private final FrameFlyweight frame = new FrameFlyweight();
    private int position;

    /** For a segment whose generation was raised from {@code oldGeneration}. */
    Reclaim(Segment segment, long oldGeneration) {
        this.segment = segment;
        this.oldGeneration = oldGeneration;
        this.position = SegmentDescriptor.HEADER_LENGTH;
        this.end = segment.tail();
    }

    Segment segment() {
        return segment;
    }

    boolean isWalked() {
        return position >= end;
    }

    /** Walks at most {@code limit} frames. Answers how many. */
    int walk(int limit, MappedTier mapped, StoreCounters counters) {
        int walked = 0;
        while (walked < limit && !isWalked()) {
            frame.wrap(segment.buffer(), position);
            if (!frame.isInBounds()) {
                counters.damaged++;
                position = end;
                break;
            }
            if (frame.stateVolatile() == LIVE && mapped.unindex(segment, oldGeneration, frame)) {
                counters.evictions++;
            }
            position += (int) frame.frameLength();
            walked++;
        }
        return walked;
    }
}
