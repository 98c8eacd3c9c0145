package io.tiercel.mapped;

/**
 * Layout of {@code control}, the file by which a node tells its clients on the host what holds now. Little endian.
 *
 * <pre>
 *    0  magic               i64  "TIERCTRL"
 *    8  layout version      i32
 *   12  slot capacity       i32  entries of the slot table
 *   16  incarnation         i64  of the serving node, 0 while none serves; at this offset in every version
 *   24  nonce               i64  what a client returns to prove that it can read this file
 *   32  pid                 i64  for people
 *   64  invalidation epoch  i64  alone on its line: every repeat read loads it
 *   72  epoch of all keys   i64  of the last invalidation that covered every key; part of the filter
 *  128  clock               i64  the node's time in ms since 1970; it moves by the monotonic clock
 *  136  beat                i64  rises while the node works
 *  144  clock's moment      i64  monotonic time of the machine, in ns, at which the clock said so
 *  152  boot                i64  a number of the machine's boot, to which the moment belongs; 0: unknown
 *  160  filter's keeper     i64  incarnation of the node that keeps the filter; with any other there is none
 *  168  filter entries      i32  a power of two
 *  192  Aeron folder        i32 length, then UTF-8, at most 828 bytes
 * 1024  UDP endpoint        i32 length, then UTF-8, at most 252 bytes; empty when UDP is off
 * 4096  slot table          32 bytes an entry:
 *       +0   generation       i64  of the frames in the slot's segment; raised before its memory is reused
 *       +8   file generation  i64  the generation at which segments/N.seg was created; 0: no file
 *       +16  file length      i64  bytes
 *       +24  (zero)
 *       (pad to 64)
 *       filter              i64 an entry: the highest epoch of an invalidation whose prefix has this place
 * </pre>
 *
 * <p>The file of a build that knew no filter ends with its slot table, and its two fields are 0.
 */
public final class ControlDescriptor {
    public static final long MAGIC = 0x4C52_5443_5245_4954L;
    public static final int LAYOUT_VERSION = 1;

    public static final int MAGIC_OFFSET = 0;
    public static final int LAYOUT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    public static final int SLOT_CAPACITY_OFFSET = LAYOUT_VERSION_OFFSET + Integer.BYTES;
    public static final int INCARNATION_OFFSET = SLOT_CAPACITY_OFFSET + Integer.BYTES;
    public static final int NONCE_OFFSET = INCARNATION_OFFSET + Long.BYTES;
    public static final int PID_OFFSET = NONCE_OFFSET + Long.BYTES;
    public static final int INVALIDATION_EPOCH_OFFSET = 64;
    public static final int EPOCH_OF_ALL_OFFSET = INVALIDATION_EPOCH_OFFSET + Long.BYTES;
    public static final int CLOCK_OFFSET = 128;
    public static final int BEAT_OFFSET = CLOCK_OFFSET + Long.BYTES;
    public static final int CLOCK_MOMENT_OFFSET = BEAT_OFFSET + Long.BYTES;
    public static final int BOOT_OFFSET = CLOCK_MOMENT_OFFSET + Long.BYTES;
    public static final int FILTER_KEEPER_OFFSET = BOOT_OFFSET + Long.BYTES;
    public static final int FILTER_ENTRIES_OFFSET = FILTER_KEEPER_OFFSET + Long.BYTES;
    public static final int AERON_DIR_OFFSET = 192;
    public static final int AERON_DIR_MAX_LENGTH = 828;
    public static final int UDP_ENDPOINT_OFFSET = AERON_DIR_OFFSET + Integer.BYTES + AERON_DIR_MAX_LENGTH;
    public static final int UDP_ENDPOINT_MAX_LENGTH = 252;
    public static final int SLOT_TABLE_OFFSET = 4096;

    public static final int SLOT_GENERATION_OFFSET = 0;
    public static final int SLOT_FILE_GENERATION_OFFSET = SLOT_GENERATION_OFFSET + Long.BYTES;
    public static final int SLOT_FILE_LENGTH_OFFSET = SLOT_FILE_GENERATION_OFFSET + Long.BYTES;
    public static final int SLOT_LENGTH = 32;

    /** Most slots that a table may have; bounds what is believed of a file. */
    public static final int MAX_SLOTS = 1 << 20;

    /**
     * Entries of the filter of a new file: 128 KiB, which a core has room for beside other things. Of the reads that come
     * again after as many invalidations of other prefixes, those of a key of one segment ask the node needlessly in 63 %.
     */
    public static final int FILTER_ENTRIES = 1 << 14;
    /** Most entries that a filter may have; bounds what is believed of a file. */
    public static final int MAX_FILTER_ENTRIES = 1 << 24;

    private static final int FILTER_ALIGNMENT = 64;

    private ControlDescriptor() {}

    /** Offset of a slot's entry, relative to the file. */
    public static int slotOffset(int slot) {
        return SLOT_TABLE_OFFSET + slot * SLOT_LENGTH;
    }

    /** Offset of the filter behind a table of so many slots. */
    public static int filterOffset(int slotCapacity) {
        return slotOffset(slotCapacity) + (FILTER_ALIGNMENT - 1) & -FILTER_ALIGNMENT;
    }

    /** Length in bytes of a new file with so many slots. */
    public static int fileLength(int slotCapacity) {
        return filterOffset(slotCapacity) + FILTER_ENTRIES * Long.BYTES;
    }
}
