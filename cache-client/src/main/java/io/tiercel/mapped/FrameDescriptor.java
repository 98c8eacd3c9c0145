package io.tiercel.mapped;

/**
 * Layout of one frame in a segment. Little endian; the frame and its payload start on multiples of 64 bytes, so that
 * Arrow buffers lie aligned.
 *
 * <pre>
 *    0  state            i32  FREE, WRITING, LIVE, DEAD; the only word that changes after publication. No checksum
 *                             covers it: any two of the four differ in 16 bits, and a word that is none of them is damage
 *    4  header checksum  i32  CRC-32C of the segment's generation (i64), bytes 24 to 63, and the key; from allocation
 *    8  metadata checksum i32 CRC-32C of the sequence and the metadata; from publication
 *   12  payload checksum i32  CRC-32C of the payload; from publication
 *   16  sequence         i64  order of commits in the directory: of two frames of one key the higher is the value;
 *                             from publication
 *   24  key length       u16  1 to 1,024
 *   26  metadata length  u16
 *   28  payload length   i32  0 to 1 GiB
 *   32  epoch            i64  invalidation epoch at which the load began
 *   40  expires at       i64  ms since 1970, 0: never
 *   48  last modified    i64  ms since 1970 as the store says, 0: unknown
 *   56  stored at        i64  ms since 1970
 *   64  key              UTF-8
 *       metadata         u8 length + ETag, ASCII with its quotes; u8 length + content type, ASCII
 *       (pad to 64)
 *       payload
 *       (pad to 64)
 * </pre>
 */
public final class FrameDescriptor {
    /** Nothing was ever written here. */
    public static final int FREE = 0;
    /** Allocated; its lengths hold, its payload does not yet. */
    public static final int WRITING = 0x5555_5555;
    /** Published: all of it holds and none of it changes. */
    public static final int LIVE = 0x3333_3333;
    /** Superseded, invalidated, expired or abandoned: never served again. */
    public static final int DEAD = 0x6666_6666;

    public static final int ALIGNMENT = 64;

    public static final int STATE_OFFSET = 0;
    public static final int HEADER_CRC_OFFSET = STATE_OFFSET + Integer.BYTES;
    public static final int METADATA_CRC_OFFSET = HEADER_CRC_OFFSET + Integer.BYTES;
    public static final int PAYLOAD_CRC_OFFSET = METADATA_CRC_OFFSET + Integer.BYTES;
    public static final int SEQUENCE_OFFSET = PAYLOAD_CRC_OFFSET + Integer.BYTES;
    public static final int KEY_LENGTH_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    public static final int METADATA_LENGTH_OFFSET = KEY_LENGTH_OFFSET + Short.BYTES;
    public static final int PAYLOAD_LENGTH_OFFSET = METADATA_LENGTH_OFFSET + Short.BYTES;
    public static final int EPOCH_OFFSET = PAYLOAD_LENGTH_OFFSET + Integer.BYTES;
    public static final int EXPIRES_AT_OFFSET = EPOCH_OFFSET + Long.BYTES;
    public static final int LAST_MODIFIED_OFFSET = EXPIRES_AT_OFFSET + Long.BYTES;
    public static final int STORED_AT_OFFSET = LAST_MODIFIED_OFFSET + Long.BYTES;
    public static final int HEADER_LENGTH = STORED_AT_OFFSET + Long.BYTES;
    public static final int KEY_OFFSET = HEADER_LENGTH;

    /** Largest payload of one frame. */
    public static final int MAX_PAYLOAD_LENGTH = 1 << 30;

    private FrameDescriptor() {}

    /** Whether a state word is one that is written: with any other, bits of it have flipped. */
    public static boolean isState(int word) {
        return word == FREE || word == WRITING || word == LIVE || word == DEAD;
    }

    /** Offset of the payload, relative to the frame. */
    public static int payloadOffset(int keyLength, int metadataLength) {
        return align(HEADER_LENGTH + keyLength + metadataLength);
    }

    /** Bytes that a frame takes in its segment. */
    public static long frameLength(int keyLength, int metadataLength, long payloadLength) {
        return alignLong(payloadOffset(keyLength, metadataLength) + payloadLength);
    }

    private static int align(int length) {
        return length + (ALIGNMENT - 1) & -ALIGNMENT;
    }

    private static long alignLong(long length) {
        return length + (ALIGNMENT - 1) & -ALIGNMENT;
    }
}
