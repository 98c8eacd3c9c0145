package io.tiercel.shard;

import io.tiercel.tier.Pinned;

/**
 * A piece of an object: a frame, and where its payload lies in the object. Entity tag, type and times of the frame are
 * the object's. Whoever gets it owes {@link Commands#release} for the frame, once, whatever happens.
 *
 * @param frame       valid until it is released.
 * @param position    of the payload's first byte in the object.
 * @param totalLength bytes of the object.
 * @param served      what answered.
 */
public record ReadPart(Pinned frame, long position, long totalLength, Served served) {
    /** Whether a byte of the object lies in this part. */
    public boolean covers(long offset) {
        return offset >= position && offset < position + frame.payloadLength();
    }
}
