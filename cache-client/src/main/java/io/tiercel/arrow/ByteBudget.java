package io.tiercel.arrow;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;

/**
 * Bounds what one record batch may allocate beside the frame: decompressed buffers, made-up validity, private copies.
 * Small bytes that unfold to many are refused before they are unfolded.
 */
final class ByteBudget {
    private final long limit;
    private long used;

    ByteBudget(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    /** Begins the next batch. */
    void reset() {
        used = 0;
    }

    /** Takes its share before the bytes are allocated. */
    void take(long length) {
        if (length < 0 || length > limit - used) {
            throw new TiercelException(ErrorCode.TOO_LARGE, "Arrow batch needs more memory than maxUnfoldedLength="
                    + limit + ": used=" + used + ", wanted=" + length);
        }
        used += length;
    }
}
