package io.tiercel.segment;

import static io.tiercel.mapped.SegmentDescriptor.*;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The header of a segment file as read from disk, before anything of it is believed. Immutable.
 *
 * @param defect why the file is not to be used, in words; empty when it is.
 * @param newer  whether the defect is a layout version above what this build reads.
 */
public record SegmentHeader(int slot, long generation, long fileGeneration, long fileLength, long storeId,
        String defect, boolean newer) {

    /**
     * Judges the first 64 bytes of a file.
     *
     * @param actualLength of the file on disk.
     */
    public static SegmentHeader of(ByteBuffer header, int expectedSlot, long expectedStoreId, long actualLength) {
        int version = header.getInt(LAYOUT_VERSION_OFFSET);
        boolean magic = header.getLong(MAGIC_OFFSET) == MAGIC;
        boolean newer = magic && version > LAYOUT_VERSION;
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(SLOT_OFFSET).limit(HEADER_LENGTH));
        int slot = header.getInt(SLOT_OFFSET);
        long generation = header.getLong(GENERATION_OFFSET);
        long fileGeneration = header.getLong(FILE_GENERATION_OFFSET);
        long fileLength = header.getLong(FILE_LENGTH_OFFSET);
        long storeId = header.getLong(STORE_ID_OFFSET);
        String defect = "";
        if (!magic) {
            defect = "not a Tiercel segment";
        } else if (version != LAYOUT_VERSION) {
            defect = "layoutVersion=" + version + ", this build reads " + LAYOUT_VERSION;
        } else if ((int) crc.getValue() != header.getInt(HEADER_CRC_OFFSET)) {
            defect = "header checksum does not match";
        } else if (storeId != expectedStoreId) {
            defect = "written by another store";
        } else if (slot != expectedSlot) {
            defect = "slot=" + slot + " under the name of slot " + expectedSlot;
        } else if (fileLength != actualLength || fileLength < HEADER_LENGTH || fileLength > Integer.MAX_VALUE) {
            defect = "fileLength=" + fileLength + " but the file has " + actualLength + " bytes";
        } else if (generation <= 0 || fileGeneration <= 0 || fileGeneration > generation) {
            defect = "generation=" + generation + " with fileGeneration=" + fileGeneration;
        }
        return new SegmentHeader(slot, generation, fileGeneration, fileLength, storeId, defect, newer);
    }

    public boolean isUsable() {
        return defect.isEmpty();
    }
}
