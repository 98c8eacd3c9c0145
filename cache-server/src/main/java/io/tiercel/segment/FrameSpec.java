package io.tiercel.segment;

import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;

/** Everything of a frame that is known before its payload is. Immutable. */
public record FrameSpec(Key key, int etagLength, String contentType, int payloadLength, long epoch, long expiresAtMs,
        long lastModifiedMs, long storedAtMs) {

    /** Longest entity tag and content type: each has its length in one byte. */
    public static final int MAX_TEXT_LENGTH = 255;

    /** Whether a text can be an entity tag or a content type: ASCII, and not too long. */
    public static boolean isText(String text) {
        boolean isAscii = text.length() <= MAX_TEXT_LENGTH;
        for (int i = 0; i < text.length() && isAscii; i++) {
            isAscii = text.charAt(i) < 0x80;
        }
        return isAscii;
    }

    /** Bytes of the metadata: both texts with their lengths. */
    public int metadataLength() {
        return metadataLength(etagLength, contentType);
    }

    /** Bytes of such metadata. */
    public static int metadataLength(int etagLength, String contentType) {
        return 1 + etagLength + 1 + contentType.length();
    }

    /** Bytes that the frame takes in its segment. */
    public long frameLength() {
        return FrameDescriptor.frameLength(key.length(), metadataLength(), payloadLength);
    }
}
