package io.tiercel.tier;

import io.tiercel.segment.Segment;
import org.jspecify.annotations.Nullable;

/** Gives room for frames that survive the reclaim of their segment. Single writer: the shard agent. */
@FunctionalInterface
interface SurvivorRoom {
    /** A segment with room for a frame of that length; null when there is none, and the frame is given up. */
    @Nullable
    Segment roomFor(int frameLength);
}
