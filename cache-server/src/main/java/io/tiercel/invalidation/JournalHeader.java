package io.tiercel.invalidation;

import static io.tiercel.invalidation.JournalDescriptor.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What the journal's header says of the directory. Immutable. */
public record JournalHeader(long storeId, long openCount, long epoch, long floor, String bootId) {

    JournalHeader withFloor(long raised) {
        return new JournalHeader(storeId, openCount, epoch, raised, bootId);
    }

    ByteBuffer encode() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        byte[] boot = bootId.getBytes(StandardCharsets.US_ASCII);
        header.putLong(MAGIC_OFFSET, MAGIC).putInt(LAYOUT_VERSION_OFFSET, LAYOUT_VERSION)
                .putLong(STORE_ID_OFFSET, storeId).putLong(OPEN_COUNT_OFFSET, openCount).putLong(EPOCH_OFFSET, epoch)
                .putLong(FLOOR_OFFSET, floor)
                .putInt(BOOT_ID_LENGTH_OFFSET, boot.length).put(BOOT_ID_OFFSET, boot);
        return header.putInt(HEADER_CRC_OFFSET, crcOf(header));
    }

    /** The header in the first bytes of a journal whose {@link #defectOf} is empty. */
    static JournalHeader decode(ByteBuffer journal) {
        byte[] boot = new byte[Math.clamp(journal.getInt(BOOT_ID_LENGTH_OFFSET), 0, BOOT_ID_MAX_LENGTH)];
        journal.get(BOOT_ID_OFFSET, boot);
        return new JournalHeader(journal.getLong(STORE_ID_OFFSET), journal.getLong(OPEN_COUNT_OFFSET),
                journal.getLong(EPOCH_OFFSET), journal.getLong(FLOOR_OFFSET),
                new String(boot, StandardCharsets.US_ASCII));
    }

    static boolean isNewer(ByteBuffer journal) {
        return journal.limit() >= HEADER_LENGTH && journal.getLong(MAGIC_OFFSET) == MAGIC
                && journal.getInt(LAYOUT_VERSION_OFFSET) > LAYOUT_VERSION;
    }

    /** Why a journal's header is not to be believed; empty when it is. */
    static String defectOf(ByteBuffer journal) {
        if (journal.limit() < HEADER_LENGTH) {
            return "length=" + journal.limit();
        }
        if (journal.getLong(MAGIC_OFFSET) != MAGIC) {
            return "not a Tiercel journal";
        }
        int version = journal.getInt(LAYOUT_VERSION_OFFSET);
        if (version < OLDEST_LAYOUT_VERSION || version > LAYOUT_VERSION) {
            return "layoutVersion=" + version + ", this build reads " + OLDEST_LAYOUT_VERSION + " to "
                    + LAYOUT_VERSION;
        }
        return journal.getInt(HEADER_CRC_OFFSET) == crcOf(journal) ? "" : "header checksum does not match";
    }

    private static int crcOf(ByteBuffer journal) {
        CRC32C crc = new CRC32C();
        crc.update(journal.duplicate().position(STORE_ID_OFFSET).limit(HEADER_LENGTH));
        return (int) crc.getValue();
    }
}
