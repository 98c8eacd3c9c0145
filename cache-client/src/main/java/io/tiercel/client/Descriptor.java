package io.tiercel.client;

/**
 * A place that was compared with the files: what a repeat read needs. Immutable; whether it still holds is asked at
 * every use, under a lease.
 */
record Descriptor(FrameInfo info, SegmentMapping mapping, int frameOffset, int payloadOffset, long generation,
        long checkedAtEpoch) {
    int slot() {
        return mapping.slot();
    }
}
