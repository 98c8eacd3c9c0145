package io.tiercel.segment;

import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;

/** Everything of a frame that is known before its payload is. Immutable. */
public record FrameSpec(Key key, int etagLength, String contentType, int payloadLength, long epoch, long expiresAtMs,
        long lastModifiedMs, long storedAtMs) {

    /** Longest entity tag and content type: each has its length in one byte. */
    public static final int MAX_TEXT_LENGTH = 255;

    /** Bytes of the metadata: both texts with their lengths. */
    public int metadataLength() {
        return 1 + etagLength + 1 + contentType.length();
    }

    /** Bytes that the frame takes in its segment. */
    public long frameLength() {
        return FrameDescriptor.frameLength(key.length(), metadataLength(), payloadLength);
    }
}
