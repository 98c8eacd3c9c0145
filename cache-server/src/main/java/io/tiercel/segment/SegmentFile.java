package io.tiercel.segment;

import static io.tiercel.mapped.SegmentDescriptor.*;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One mapped {@code segments/N.seg}: its header, and the mapping that frames live in. Not threadsafe; made by the
 * preparing thread or at recovery, then the shard agent's.
 *
 * <p>A file comes to be under a name that recovery deletes, and is renamed once its space is reserved and its header
 * written: a file called {@code N.seg} always had a whole header.
 */
public final class SegmentFile implements AutoCloseable {
    /** Ends the name of a file that is still being made. */
    public static final String UNFINISHED_SUFFIX = ".new";

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final Path path;
    private final MappedFile file;
    private final UnsafeBuffer buffer;

    private SegmentFile(Path path, MappedFile file) {
        this.path = path;
        this.file = file;
        this.buffer = file.buffer();
    }

    /**
     * Reserves, maps and names a new file of {@code length} zeroes but for the header.
     *
     * @throws NoSpaceException when the disk has no room; nothing is left of the file.
     */
    public static SegmentFile create(Path directory, int slot, long generation, int length, long storeId)
            throws IOException {
        Path path = directory.resolve(SegmentDescriptor.fileName(slot));
        Path unfinished = directory.resolve(SegmentDescriptor.fileName(slot) + UNFINISHED_SUFFIX);
        Files.deleteIfExists(unfinished);
        MappedFile mapped = null;
        boolean done = false;
        try {
            DiskSpace.reserve(unfinished, length);
            mapped = MappedFile.openWritable(unfinished);
            SegmentFile segment = new SegmentFile(path, mapped);
            segment.writeHeader(slot, generation, generation, storeId);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            return segment;
        } finally {
            if (!done) {
                if (mapped != null) {
                    mapped.close();
                }
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /**
     * Maps an existing file after its header was found good; its space is reserved again, in case it was copied sparse.
     *
     * @throws NoSpaceException when the disk has no room for what the file says it holds.
     */
    public static SegmentFile open(Path path, SegmentHeader header) throws IOException {
        DiskSpace.reserve(path, header.fileLength());
        return new SegmentFile(path, MappedFile.openWritable(path));
    }

    /** Reads the first 64 bytes without mapping anything; short files read as zeroes. */
    public static ByteBuffer readHeader(Path path) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ORDER);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            int read;
            do {
                read = channel.read(header, header.position());
            } while (read > 0 && header.hasRemaining());
        }
        return header.clear();
    }

    /** Writes the header whole. A reader of the old generation's frames does not look at it. */
    public void writeHeader(int slot, long generation, long fileGeneration, long storeId) {
        buffer.putInt(SLOT_OFFSET, slot, ORDER);
        buffer.putLong(GENERATION_OFFSET, generation, ORDER);
        buffer.putLong(FILE_GENERATION_OFFSET, fileGeneration, ORDER);
        buffer.putLong(FILE_LENGTH_OFFSET, buffer.capacity(), ORDER);
        buffer.putLong(STORE_ID_OFFSET, storeId, ORDER);
        buffer.putInt(LAYOUT_VERSION_OFFSET, LAYOUT_VERSION, ORDER);
        CRC32C crc = new CRC32C();
        byte[] covered = new byte[HEADER_LENGTH - SLOT_OFFSET]; // a copy, as in FrameChecksum
        buffer.getBytes(SLOT_OFFSET, covered);
        crc.update(covered);
        buffer.putInt(HEADER_CRC_OFFSET, (int) crc.getValue(), ORDER);
        buffer.putLong(MAGIC_OFFSET, MAGIC, ORDER);
    }

    /** Makes the first frame's place read as never written: the scan of an empty segment ends there. */
    public void clearFirstFrame() {
        buffer.putIntRelease(HEADER_LENGTH + FrameDescriptor.STATE_OFFSET, FrameDescriptor.FREE);
    }

    public Path path() {
        return path;
    }

    /** Whether the file still has the bytes that are mapped; blocks on the disk. */
    public FileCondition condition() {
        return FileCondition.of(path, length());
    }

    /** The mapping; the same object at every call. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Length in bytes. */
    public int length() {
        return file.length();
    }

    /** Waits until the disk has all that was written. */
    public void force() {
        file.force();
    }

    /** Unmaps. Whoever calls has proven that nobody in this process touches the mapping any more. */
    @Override
    public void close() {
        file.close();
    }
}
