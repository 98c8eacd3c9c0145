package io.tiercel.invalidation;

/**
 * Layout of {@code journal}: who the directory is, and every invalidation by prefix that something older may match.
 * Little endian. A header, then records, each on a multiple of 8 bytes; behind them reserved zeroes.
 *
 * <pre>
 *    0  magic            i64  "TIERJRNL"
 *    8  layout version   i32
 *   12  header checksum  i32  CRC-32C of bytes 16 to 127
 *   16  store id         i64  random number of the directory
 *   24  open count       i64  starts of nodes on the directory, this one with it
 *   32  epoch            i64  when the header was written
 *   40  floor            i64  frames older than this epoch are dead
 *   48  boot id length   i32
 *   52  boot id          ASCII, 36 bytes
 *   88  (zero)
 *  128  first record:
 *       +0   length      i32  without padding, 24 and more; 0: no record was ever written here
 *       +4   checksum    i32  CRC-32C of bytes 8 to length
 *       +8   epoch       i64
 *       +16  kind        i32  1: a prefix, 2: everything, 3: a key without what lies under it, 4: a
 *                             mount with another store, without spared mounts under it, 5: a spared one
 *       +20  (zero)      i32
 *       +24  prefix      UTF-8
 *       (pad to 8)
 * </pre>
 */
final class JournalDescriptor {
    static final long MAGIC = 0x4C4E_524A_5245_4954L;
    static final int LAYOUT_VERSION = 3;
    /** Without records of keys, and, as 2, of mounts; read like this one. */
    static final int OLDEST_LAYOUT_VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int LAYOUT_VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int HEADER_CRC_OFFSET = LAYOUT_VERSION_OFFSET + Integer.BYTES;
    static final int STORE_ID_OFFSET = HEADER_CRC_OFFSET + Integer.BYTES;
    static final int OPEN_COUNT_OFFSET = STORE_ID_OFFSET + Long.BYTES;
    static final int EPOCH_OFFSET = OPEN_COUNT_OFFSET + Long.BYTES;
    static final int FLOOR_OFFSET = EPOCH_OFFSET + Long.BYTES;
    static final int BOOT_ID_LENGTH_OFFSET = FLOOR_OFFSET + Long.BYTES;
    static final int BOOT_ID_OFFSET = BOOT_ID_LENGTH_OFFSET + Integer.BYTES;
    static final int BOOT_ID_MAX_LENGTH = 36;
    static final int HEADER_LENGTH = 128;

    static final int RECORD_LENGTH_OFFSET = 0;
    static final int RECORD_CRC_OFFSET = RECORD_LENGTH_OFFSET + Integer.BYTES;
    static final int RECORD_EPOCH_OFFSET = RECORD_CRC_OFFSET + Integer.BYTES;
    static final int RECORD_KIND_OFFSET = RECORD_EPOCH_OFFSET + Long.BYTES;
    static final int RECORD_PREFIX_OFFSET = RECORD_KIND_OFFSET + 2 * Integer.BYTES;
    static final int MAX_RECORD_LENGTH = RECORD_PREFIX_OFFSET + io.tiercel.Key.MAX_LENGTH;

    static final int KIND_PREFIX = 1;
    static final int KIND_ALL = 2;
    static final int KIND_KEY = 3;
    static final int KIND_REPLACED = 4;
    static final int KIND_SPARED = 5;

    private JournalDescriptor() {}

    /** Bytes from one record to the next. */
    static int aligned(int length) {
        return length + (Long.BYTES - 1) & -Long.BYTES;
    }
}
