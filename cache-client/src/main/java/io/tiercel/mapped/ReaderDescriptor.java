package io.tiercel.mapped;

/**
 * Layout of {@code readers/N}, the file by which one client tells the node what it holds. Little endian. Created and
 * reserved by the node, then written by that client alone, and owned by whoever holds the OS lock of
 * {@code readers/N.lock}.
 *
 * <pre>
 *    0  magic           i64  "TIERREAD"
 *    8  layout version  i32
 *   12  slot capacity   i32
 *   16  reader number   i32
 *   24  incarnation     i64  of the node that granted it
 *  128  pins            i64 a slot: leases that the client holds in that slot's segment
 * </pre>
 */
public final class ReaderDescriptor {
    public static final long MAGIC = 0x4441_4552_5245_4954L;
    public static final int LAYOUT_VERSION = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int LAYOUT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int SLOT_CAPACITY_OFFSET = LAYOUT_VERSION_OFFSET + Integer.BYTES;
    public static final int READER_NUMBER_OFFSET = SLOT_CAPACITY_OFFSET + Integer.BYTES;
    public static final int INCARNATION_OFFSET = 24;
    public static final int PINS_OFFSET = 128;

    private ReaderDescriptor() {}

    /** Offset of a slot's pin counter, relative to the file. */
    public static int pinOffset(int slot) {
        return PINS_OFFSET + slot * Long.BYTES;
    }

    /** Length in bytes of a file with so many slots. */
    public static int fileLength(int slotCapacity) {
        return pinOffset(slotCapacity);
    }
}
