package io.tiercel.tier;

import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.segment.FrameSpec;

/**
 * What a frame to be written will be: everything that its place and header need before its bytes come.
 *
 * @param payloadLength  bytes, 0 to the store's {@code maxFrame()}.
 * @param etagLength     characters of the entity tag with its quotes, exactly as published later; 0 for none.
 * @param contentType    ASCII, at most 255 characters; empty for none.
 * @param ttlMs          how long the frame lives from now, 0 for ever.
 * @param lastModifiedMs as the store behind says, since 1970; 0 for unknown.
 * @param loadEpoch      the store's epoch when the load or put of these bytes began.
 */
public record FrameRequest(Key key, long payloadLength, int etagLength, String contentType, long ttlMs,
        long lastModifiedMs, long loadEpoch) {

    /** Whether a frame can be made of it, its length aside. */
    boolean isWellFormed() {
        return payloadLength >= 0 && etagLength >= 0 && etagLength <= FrameSpec.MAX_TEXT_LENGTH
                && ttlMs >= 0 && FrameSpec.isText(contentType);
    }

    /** Bytes of the metadata of such a frame. */
    int metadataLength() {
        return FrameSpec.metadataLength(etagLength, contentType);
    }

    /** Bytes that such a frame takes in its segment. */
    long frameLength() {
        return FrameDescriptor.frameLength(key.length(), metadataLength(), payloadLength);
    }
}
