package io.tiercel.mapped;

/**
 * Layout of {@code readers/N}, the file by which one client tells the node what it holds and what it reads. Little
 * endian. Created and reserved by the node, which writes the header; then written by that client alone, and owned by
 * whoever holds the OS lock of {@code readers/N.lock}.
 *
 * <pre>
 *    0  magic           i64  "TIERREAD"
 *    8  layout version  i32
 *   12  slot capacity   i32
 *   16  reader number   i32
 *   24  incarnation     i64  of the node that granted it
 *   32  pin quota       i64  bytes of segment files that the client's leases may keep
 *   64  openings        i64  times that the client opened a slot
 *  128  pins            i64 a slot: leases that the client holds in that slot's segment; negative: closed, none counts
 *       (pad to 64)
 *    T  touch position  i64  touches noted so far, alone on its line; T is touchPositionOffset
 * T+64  touch ring      256 entries of 16 bytes, entry (position mod 256) is the next to be written:
 *       +0   place       i64  slot &lt;&lt; 32 | frame offset / 64
 *       +8   generation  i64  of the frame's segment
 * </pre>
 */
public final class ReaderDescriptor {
    public static final long MAGIC = 0x4441_4552_5245_4954L;
    public static final int LAYOUT_VERSION = 2;

    public static final int MAGIC_OFFSET = 0;
    public static final int LAYOUT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int SLOT_CAPACITY_OFFSET = LAYOUT_VERSION_OFFSET + Integer.BYTES;
    public static final int READER_NUMBER_OFFSET = SLOT_CAPACITY_OFFSET + Integer.BYTES;
    public static final int INCARNATION_OFFSET = 24;
    public static final int PIN_QUOTA_OFFSET = INCARNATION_OFFSET + Long.BYTES;
    public static final int OPENINGS_OFFSET = 64;
    public static final int PINS_OFFSET = 128;

    /** Entries of the touch ring: a power of two. */
    public static final int TOUCH_CAPACITY = 256;
    public static final int TOUCH_ENTRY_LENGTH = 2 * Long.BYTES;
    public static final int TOUCH_PLACE_OFFSET = 0;
    public static final int TOUCH_GENERATION_OFFSET = TOUCH_PLACE_OFFSET + Long.BYTES;

    private static final int LINE_LENGTH = 64;

    private ReaderDescriptor() {}

    /** Offset of a slot's pin counter, relative to the file. */
    public static int pinOffset(int slot) {
        return PINS_OFFSET + slot * Long.BYTES;
    }

    /** Offset of the touch position, relative to the file. */
    public static int touchPositionOffset(int slotCapacity) {
        return pinOffset(slotCapacity) + (LINE_LENGTH - 1) & -LINE_LENGTH;
    }

    /** Offset of the entry that a touch of that position is noted in, relative to the ring's first. */
    public static int touchEntryOffset(long position) {
        return ((int) position & TOUCH_CAPACITY - 1) * TOUCH_ENTRY_LENGTH;
    }

    /** Offset of the touch ring, relative to the file. */
    public static int touchRingOffset(int slotCapacity) {
        return touchPositionOffset(slotCapacity) + LINE_LENGTH;
    }

    /** Length in bytes of a file with so many slots. */
    public static int fileLength(int slotCapacity) {
        return touchRingOffset(slotCapacity) + TOUCH_CAPACITY * TOUCH_ENTRY_LENGTH;
    }
}
