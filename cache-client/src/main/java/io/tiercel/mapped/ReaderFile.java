package io.tiercel.mapped;

import static io.tiercel.mapped.ReaderDescriptor.*;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The mapped {@code readers/N} file: pin counters that keep segments from being reused under a client's leases.
 *
 * <p>Take: {@link #pin(int)}, whose read-modify-write is a full fence, <em>then</em> compare the slot's generation in
 * {@link ControlFile} and the frame's state; on mismatch {@link #unpin(int)} and ask the node. Reclaim: the node raises
 * the generation (volatile), <em>then</em> reads the pins, and reuses the memory only where all are zero. One of the
 * two sees the other. Any thread of the client may pin; the node reads, trusts nothing, and never writes while the
 * owner lives.
 */
public final class ReaderFile implements AutoCloseable {
    private final MappedFile file;
    private final UnsafeBuffer buffer;
    private final int slotCapacity;

    private ReaderFile(MappedFile file, int slotCapacity) {
        this.file = file;
        this.buffer = file.buffer();
        this.slotCapacity = slotCapacity;
    }

    /** Writes the header into a reserved and zeroed file: the node's part, before it names the file to the client. */
    public static ReaderFile create(Path path, int slotCapacity, int readerNumber, long incarnation)
            throws IOException {
        MappedFile mapped = MappedFile.openWritable(path);
        if (mapped.length() < ReaderDescriptor.fileLength(slotCapacity)) {
            mapped.close();
            throw new IOException(path + " is too short for slotCapacity=" + slotCapacity);
        }
        UnsafeBuffer buffer = mapped.buffer();
        buffer.putInt(LAYOUT_VERSION_OFFSET, LAYOUT_VERSION, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(SLOT_CAPACITY_OFFSET, slotCapacity, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(READER_NUMBER_OFFSET, readerNumber, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(INCARNATION_OFFSET, incarnation, ByteOrder.LITTLE_ENDIAN);
        buffer.putLongVolatile(MAGIC_OFFSET, MAGIC);
        return new ReaderFile(mapped, slotCapacity);
    }

    /**
     * Maps an existing reader file, writable.
     *
     * @throws IOException when it is missing, foreign, of another version, or not of {@code slotCapacity} slots.
     */
    public static ReaderFile open(Path path, int slotCapacity) throws IOException {
        MappedFile mapped = MappedFile.openWritable(path);
        UnsafeBuffer buffer = mapped.buffer();
        boolean usable = mapped.length() >= ReaderDescriptor.fileLength(slotCapacity)
                && buffer.getLongVolatile(MAGIC_OFFSET) == MAGIC
                && buffer.getInt(LAYOUT_VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN) == LAYOUT_VERSION
                && buffer.getInt(SLOT_CAPACITY_OFFSET, ByteOrder.LITTLE_ENDIAN) == slotCapacity;
        if (!usable) {
            mapped.close();
            throw new IOException(path + " is not a reader file of slotCapacity=" + slotCapacity);
        }
        return new ReaderFile(mapped, slotCapacity);
    }

    /** Counts one lease in the slot's segment; a full fence. */
    public void pin(int slot) {
        buffer.getAndAddLong(pinOffset(slot), 1L);
    }

    /** Uncounts one lease: everything read under it happened before. Answers how many are left in the slot. */
    public long unpin(int slot) {
        return buffer.getAndAddLong(pinOffset(slot), -1L) - 1L;
    }

    /** Leases counted in the slot; what a hostile client wrote may be any number, so only zero means free. */
    public long pinsVolatile(int slot) {
        return buffer.getLongVolatile(pinOffset(slot));
    }

    /** Whether no slot has a pin. */
    public boolean isUnpinned() {
        for (int slot = 0; slot < slotCapacity; slot++) {
            if (pinsVolatile(slot) != 0L) {
                return false;
            }
        }
        return true;
    }

    public int slotCapacity() {
        return slotCapacity;
    }

    @Override
    public void close() {
        file.close();
    }
}
