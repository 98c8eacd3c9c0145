package io.tiercel.tier;

/**
 * The store's counters at one moment. Immutable and threadsafe.
 *
 * @param epoch    of the last invalidation by prefix.
 * @param prefixes remembered, since something older may still match them.
 */
public record TierSnapshot(Heap heap, Mapped mapped, Leases leases, long epoch, int prefixes, Rebuild rebuild) {
    /**
     * What became of leases.
     *
     * @param touches         reads of mapped clients that the node was told of.
     * @param quotaRefusals   leases refused since the client's pin quota had no room.
     * @param revokedReaders  clients that pinned beyond their quota all the same.
     * @param foreignReleases releases of frames that were released before.
     */
    public record Leases(long touches, long quotaRefusals, long revokedReaders, long foreignReleases) {}

    /**
     * What the start found to look through, and how far it is.
     *
     * @param frames found so far, dead ones aside.
     */
    public record Rebuild(boolean isRunning, int segments, int segmentsDone, long frames) {}

    /** The tier on the heap. */
    public record Heap(long capacityBytes, long usedBytes, long entries, long hits, long misses, long evictions) {}

    /**
     * The tier in mapped segments.
     *
     * @param usedBytes           weight of all frames whose memory is not free again, index entries included.
     * @param liveBytes           of frames that may be served.
     * @param keptBytes           weight of frames that the policy would keep.
     * @param fileBytes           of segment files, the measure of the capacity.
     * @param entries             frames in the index.
     * @param hits                reads answered from here; a hit on the heap is counted there alone.
     * @param keptHits            reads, on the heap too, of frames that the policy would keep at that moment.
     * @param misses              reads that no tier could answer.
     * @param evictions           frames given up for space.
     * @param pinnedBytes         of segments that a lease or a read keeps from being reused.
     * @param damaged             frames and segments dropped as torn, truncated, foreign or corrupt.
     * @param refused             allocations refused for want of space.
     * @param pendingAllocations  waiting for a segment.
     * @param outstandingAllocations given out and neither published nor aborted.
     * @param state               {@code ok}, {@code degraded} or {@code off}.
     * @param reason              what is wrong, empty when nothing is.
     */
    public record Mapped(long capacityBytes, long usedBytes, long liveBytes, long keptBytes, long fileBytes,
            long entries, long hits, long keptHits, long misses, long evictions, long pinnedBytes, int segments,
            long damaged, long refused, int pendingAllocations, int outstandingAllocations,
            String state, String reason) {}
}
