package io.tiercel.mapped;

import static io.tiercel.mapped.SegmentDescriptor.*;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** A segment file as a client opens it: mapped read-only, and only when it is the file that was meant. Stateless. */
public final class ReadOnlySegment {
    private ReadOnlySegment() {}

    /**
     * Maps {@code N.seg} of a folder. The caller holds a pin in the slot, or the file may go meanwhile.
     *
     * @throws IOException when it is missing, foreign, of another version, or not the file that the arguments describe.
     */
    public static MappedFile open(Path folder, int slot, long fileGeneration, long fileLength)
            throws IOException {
        Path path = folder.resolve(fileName(slot));
        MappedFile file = MappedFile.openReadOnly(path);
        UnsafeBuffer buffer = file.buffer();
        boolean meant = file.length() == fileLength && fileLength >= HEADER_LENGTH
                && buffer.getLong(MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC
                && buffer.getInt(LAYOUT_VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN) == LAYOUT_VERSION
                && buffer.getInt(SLOT_OFFSET, ByteOrder.LITTLE_ENDIAN) == slot
                && buffer.getLong(FILE_GENERATION_OFFSET, ByteOrder.LITTLE_ENDIAN) == fileGeneration;
        if (!meant) {
            file.close();
            throw new IOException(path + " is not the segment of slot=" + slot + " fileGeneration=" + fileGeneration
                    + " fileLength=" + fileLength);
        }
        return file;
    }
}
