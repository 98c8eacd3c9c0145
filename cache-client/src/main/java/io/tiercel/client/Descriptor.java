package io.tiercel.client;

/**
 * A place that was compared with the files: what a repeat read needs. Whether it still holds is asked at every use, under
 * a lease. Threadsafe.
 */
final class Descriptor {
    private final FrameInfo info;
    private final SegmentMapping mapping;
    private final int frameOffset;
    private final int payloadOffset;
    private final long generation;
    private volatile long checkedAtEpoch;

    Descriptor(FrameInfo info, SegmentMapping mapping, int frameOffset, int payloadOffset, long generation,
            long checkedAtEpoch) {
        this.info = info;
        this.mapping = mapping;
        this.frameOffset = frameOffset;
        this.payloadOffset = payloadOffset;
        this.generation = generation;
        this.checkedAtEpoch = checkedAtEpoch;
    }

    FrameInfo info() {
        return info;
    }

    SegmentMapping mapping() {
        return mapping;
    }

    int slot() {
        return mapping.slot();
    }

    int frameOffset() {
        return frameOffset;
    }

    int payloadOffset() {
        return payloadOffset;
    }

    long generation() {
        return generation;
    }

    /** An epoch up to which no invalidation covered the key. */
    long checkedAtEpoch() {
        return checkedAtEpoch;
    }

    /** None up to that epoch either. Threads that find out different epochs may overwrite each other: each is true. */
    void checkedAtEpoch(long laterEpoch) {
        checkedAtEpoch = laterEpoch;
    }
}
