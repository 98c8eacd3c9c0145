package io.tiercel.tier;

import io.tiercel.segment.SegmentTable;

/** A request that waits for room. Single writer: the shard agent. */
final class PendingAllocation {
    final FrameRequest request;
    final AllocationListener listener;
    final int frameLength;
    /** Whether it gets a file of its own. */
    final boolean large;

    /** Slot of its own file while that is made. */
    int slot = SegmentTable.NO_SLOT;
    int diskRefusals;
    boolean superseded;
    boolean hasDeadline;
    long deadlineNs;

    PendingAllocation(FrameRequest request, AllocationListener listener, int frameLength, boolean large) {
        this.request = request;
        this.listener = listener;
        this.frameLength = frameLength;
        this.large = large;
    }

    /** Whether it has waited long enough; its time begins at the first question. */
    boolean isOverdue(long nowNs, long timeoutNs) {
        if (!hasDeadline) {
            hasDeadline = true;
            deadlineNs = nowNs + timeoutNs;
        }
        return nowNs - deadlineNs >= 0;
    }
}
