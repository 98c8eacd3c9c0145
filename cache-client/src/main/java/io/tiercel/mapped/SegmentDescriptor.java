package io.tiercel.mapped;

/**
 * Layout of {@code segments/N.seg}, where N is the slot in decimal. Little endian. A header, then frames back to back
 * (see {@link FrameDescriptor}), each on a multiple of 64 bytes; the first whose header checksum does not match the
 * segment's generation is the end.
 *
 * <pre>
 *    0  magic            i64  "TIERSEGM"
 *    8  layout version   i32
 *   12  header checksum  i32  CRC-32C of bytes 16 to 63
 *   16  slot             i32
 *   20  (zero)           i32
 *   24  generation       i64  of the frames in it
 *   32  file generation  i64  at which the file was created
 *   40  file length      i64
 *   48  store id         i64  random number of the directory: a segment copied in from elsewhere is foreign
 *   56  (zero)           i64
 *   64  first frame
 * </pre>
 */
public final class SegmentDescriptor {
    public static final long MAGIC = 0x4D47_4553_5245_4954L;
    public static final int LAYOUT_VERSION = 2;

    public static final int MAGIC_OFFSET = 0;
    public static final int LAYOUT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int HEADER_CRC_OFFSET = LAYOUT_VERSION_OFFSET + Integer.BYTES;
    public static final int SLOT_OFFSET = HEADER_CRC_OFFSET + Integer.BYTES;
    public static final int GENERATION_OFFSET = 24;
    public static final int FILE_GENERATION_OFFSET = GENERATION_OFFSET + Long.BYTES;
    public static final int FILE_LENGTH_OFFSET = FILE_GENERATION_OFFSET + Long.BYTES;
    public static final int STORE_ID_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;
    public static final int HEADER_LENGTH = 64;

    private SegmentDescriptor() {}

    /** Name of a slot's file in {@code segments/}. */
    public static String fileName(int slot) {
        return slot + ".seg";
    }
}
