package io.tiercel.tier;

import io.tiercel.ErrorCode;

/** Told of the outcome of one {@link TieredStore#allocate}: exactly one call, on the shard thread, perhaps inline. */
public interface AllocationListener {
    /** There is room; the listener owns the allocation and publishes or aborts it. */
    void onAllocated(Allocation allocation);

    /** There is none. NO_SPACE, TOO_LARGE, INVALID_ARGUMENT, or NODE_UNAVAILABLE when the store closes. */
    void onRefused(ErrorCode code, String message);
}
