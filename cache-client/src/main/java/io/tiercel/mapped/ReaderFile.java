package io.tiercel.mapped;

import static io.tiercel.mapped.ReaderDescriptor.*;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The mapped {@code readers/N} file: pin counters that keep segments from being reused under a client's leases, and the
 * ring in which it notes the frames that it read without asking.
 *
 * <p>Take: {@link #pin(int)}, whose read-modify-write is a full fence, <em>then</em> compare the slot's generation in
 * {@link ControlFile} and the frame's state; on mismatch {@link #unpin(int)} and ask the node. Reclaim: the node raises
 * the generation (volatile), <em>then</em> reads the pins, and reuses the memory only where all are zero. One of the
 * two sees the other. Any thread of the client may pin; the node reads, trusts nothing, and never writes while the
 * owner lives.
 *
 * <p>A slot may be closed: its counter's sign bit is set. A pin taken there counts for nothing, which who took it is
 * told, and gives it back. So a client that keeps the slots open for which its quota has room, and closes only those
 * without a pin, is at no moment beyond its quota, wherever it is stopped. A new file's slots are open.
 */
public final class ReaderFile implements AutoCloseable {
    private static final long CLOSED = Long.MIN_VALUE;

    /** Takes a touch out of the ring. Whatever a client wrote: any numbers. */
    @FunctionalInterface
    public interface TouchHandler {
        /**
         * A frame was read.
         *
         * @param slot       any number.
         * @param frameOffset any multiple of 64, negative ones too.
         * @param generation any number.
         */
        void onTouch(int slot, long frameOffset, long generation);
    }

    private final MappedFile file;
    private final UnsafeBuffer buffer;
    private final int slotCapacity;
    private final int touchPositionOffset;
    private final int touchRingOffset;

    private ReaderFile(MappedFile file, int slotCapacity) {
        this.file = file;
        this.buffer = file.buffer();
        this.slotCapacity = slotCapacity;
        this.touchPositionOffset = ReaderDescriptor.touchPositionOffset(slotCapacity);
        this.touchRingOffset = ReaderDescriptor.touchRingOffset(slotCapacity);
    }

    /** Writes the header into a reserved and zeroed file: the node's part, before it names the file to the client. */
    public static ReaderFile create(Path path, int slotCapacity, int readerNumber, long incarnation, long pinQuota)
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
        buffer.putLong(PIN_QUOTA_OFFSET, pinQuota, ByteOrder.LITTLE_ENDIAN);
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
        String defect = defectOf(mapped, slotCapacity);
        if (!defect.isEmpty()) {
            mapped.close();
            throw new IOException(path + " is not usable: " + defect);
        }
        return new ReaderFile(mapped, slotCapacity);
    }

    private static String defectOf(MappedFile mapped, int slotCapacity) {
        UnsafeBuffer buffer = mapped.buffer();
        if (mapped.length() < PINS_OFFSET) {
            return "length=" + mapped.length();
        }
        if (buffer.getLongVolatile(MAGIC_OFFSET) != MAGIC) {
            return "not a Tiercel reader file";
        }
        int version = buffer.getInt(LAYOUT_VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (version != LAYOUT_VERSION) {
            return "layoutVersion=" + version + ", this build reads " + LAYOUT_VERSION;
        }
        int slots = buffer.getInt(SLOT_CAPACITY_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (slots != slotCapacity || mapped.length() < ReaderDescriptor.fileLength(slotCapacity)) {
            return "slotCapacity=" + slots + " with length=" + mapped.length() + ", expected " + slotCapacity;
        }
        return "";
    }

    /** Bytes of segment files that the client's leases may keep, as the node wrote it; the node never reads it back. */
    public long pinQuota() {
        return buffer.getLong(PIN_QUOTA_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Counts one lease in the slot's segment; a full fence. Answers false in a closed slot: then unpin at once. */
    public boolean pin(int slot) {
        return buffer.getAndAddLong(pinOffset(slot), 1L) >= 0L;
    }

    /** Uncounts one lease: everything read under it happened before. Answers how many are left in the slot. */
    public long unpin(int slot) {
        return buffer.getAndAddLong(pinOffset(slot), -1L) - 1L & ~CLOSED;
    }

    /** Leases that count in the slot, 0 in a closed one. What a hostile client wrote may be any number. */
    public long pinsVolatile(int slot) {
        return Math.max(0L, buffer.getLongVolatile(pinOffset(slot)));
    }

    /**
     * Has pins count in a slot that is closed; by the one thread that keeps the client's quota. The opening is counted
     * before it: who reads one count before and after it looks at pins knows that no slot was closed to make room for
     * another of those that it saw pinned.
     */
    public void openSlot(int slot) {
        buffer.putLongVolatile(OPENINGS_OFFSET, buffer.getLong(OPENINGS_OFFSET) + 1L);
        buffer.getAndAddLong(pinOffset(slot), CLOSED);
    }

    /** Openings so far, as the client says. */
    public long openingsVolatile() {
        return buffer.getLongVolatile(OPENINGS_OFFSET);
    }

    /** Closes an open slot, unless there is a pin in it. Answers whether it is closed now. */
    public boolean tryCloseSlot(int slot) {
        return buffer.compareAndSetLong(pinOffset(slot), 0L, CLOSED);
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

    /**
     * Notes that a frame was read, for the node's eviction policy. Lossy on purpose: threads of the client overwrite each
     * other's entries, and what the node does not take in time is written over. An entry torn between two threads names a
     * frame that one of them read, or none.
     */
    public void touch(int slot, int frameOffset, long generation) {
        long position = buffer.getLong(touchPositionOffset);
        int entryOffset = touchRingOffset + ReaderDescriptor.touchEntryOffset(position);
        buffer.putLong(entryOffset + TOUCH_GENERATION_OFFSET, generation);
        buffer.putLong(entryOffset + TOUCH_PLACE_OFFSET, (long) slot << Integer.SIZE | frameOffset >>> 6);
        buffer.putLongOpaque(touchPositionOffset, position + 1L);
    }

    /** Touches noted so far, as the client says. */
    public long touchPositionOpaque() {
        return buffer.getLongOpaque(touchPositionOffset);
    }

    /**
     * Hands the entries from a position on to a handler: the node's part. A position that lies further back than the ring
     * reaches, or ahead of the client's, stands for the oldest entry or for none.
     *
     * @return the position to go on from.
     */
    public long drainTouches(long from, int limit, TouchHandler handler) {
        long end = touchPositionOpaque();
        long behind = end - from;
        if (behind <= 0L) {
            return end;
        }
        long position = behind > TOUCH_CAPACITY ? end - TOUCH_CAPACITY : from;
        int count = (int) Math.min(limit, end - position);
        for (int i = 0; i < count; i++, position++) {
            int entryOffset = touchRingOffset + ReaderDescriptor.touchEntryOffset(position);
            long place = buffer.getLong(entryOffset + TOUCH_PLACE_OFFSET);
            long generation = buffer.getLong(entryOffset + TOUCH_GENERATION_OFFSET);
            handler.onTouch((int) (place >>> Integer.SIZE), (long) (int) place << 6, generation);
        }
        return position;
    }

    public int slotCapacity() {
        return slotCapacity;
    }

    @Override
    public void close() {
        file.close();
    }
}
