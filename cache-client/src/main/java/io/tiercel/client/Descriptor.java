package io.tiercel.client;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A place that was compared with the files: what a repeat read needs. Whether it still holds is asked at every use, under
 * a lease. Threadsafe.
 */
final class Descriptor {
    private static final AtomicLongFieldUpdater<Descriptor> CHECKED_AT_EPOCH = AtomicLongFieldUpdater.newUpdater(
            Descriptor.class, "checkedAtEpoch");

    private final FrameInfo info;
    private final SegmentMapping mapping;
    private final int frameOffset;
    private final int payloadOffset;
    private final long generation;
    private final int @Nullable [] filterPlaces;
    private volatile long checkedAtEpoch;

    /** @param filterPlaces where the key is looked up in the filter of invalidations, null where there is none. */
    Descriptor(FrameInfo info, SegmentMapping mapping, int frameOffset, int payloadOffset, long generation,
            int @Nullable [] filterPlaces, long checkedAtEpoch) {
        this.info = info;
        this.mapping = mapping;
        this.frameOffset = frameOffset;
        this.payloadOffset = payloadOffset;
        this.generation = generation;
        this.filterPlaces = filterPlaces;
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

    int @Nullable [] filterPlaces() {
        return filterPlaces;
    }

    /** An epoch up to which no invalidation covered the key. */
    long checkedAtEpoch() {
        return checkedAtEpoch;
    }

    /** None up to that epoch either. Threads that find out different epochs may overwrite each other: each is true. */
    void checkedAtEpoch(long laterEpoch) {
        CHECKED_AT_EPOCH.lazySet(this, laterEpoch);
    }
}
