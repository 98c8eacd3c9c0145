package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;

/**
 * Bytes of one object that are wanted. Immutable.
 *
 * @param offset  of the first.
 * @param length  most of them.
 * @param ifMatch entity tag that the object must have, empty for any.
 */
record ByteRange(long offset, long length, String ifMatch) {
    /** @throws TiercelException INVALID_ARGUMENT when it begins before the object or is shorter than nothing. */
    ByteRange {
        if (offset < 0 || length < 0) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                    "range of offset=" + offset + " length=" + length + ": expected 0 or more");
        }
    }
}
