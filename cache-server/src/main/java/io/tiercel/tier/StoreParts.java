package io.tiercel.tier;

import io.tiercel.eviction.EvictionPolicy;
import io.tiercel.index.FrameIndex;
import io.tiercel.index.KeyHasher;
import io.tiercel.mapped.ControlFile;
import io.tiercel.segment.ReaderDirectory;
import io.tiercel.segment.SegmentPreparer;
import io.tiercel.segment.SegmentTable;

/**
 * What an open store is made of, for the classes that share it.
 *
 * @param openCount     starts of nodes on the directory, this one with it.
 * @param segmentLength bytes of a regular segment file.
 */
record StoreParts(StoreContext context, StorePaths paths, long storeId, int openCount, int segmentLength,
        KeyHasher hasher, ControlFile control, ReaderDirectory readers, SegmentPreparer preparer,
        SegmentTable segments, EvictionPolicy policy, Weights weights, Invalidations invalidations, FrameIndex index,
        HeapTier heap,
        Lifetimes lifetimes, StoreCounters counters, TierHealth health) {

    Clock clock() {
        return context.clock();
    }
}
