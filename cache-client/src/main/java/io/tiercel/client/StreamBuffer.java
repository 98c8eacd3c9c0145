package io.tiercel.client;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for one received frame, on a multiple of 64; at release it goes back where it came from, or is
 * freed. The polling thread alone writes it, and only before the frame is handed out; one that never is handed out is
 * left to the collector, since the poll may still be writing.
 */
final class StreamBuffer implements Lease {
    private static final int ALIGNMENT = 64;

    private final @Nullable StreamBuffers home;
    private final ByteBuffer allocated;
    private final ByteBuffer bytes;
    private final ByteBuffer summed;
    private final UnsafeBuffer memory;
    private final CRC32C crc = new CRC32C();

    /**
     * @param home takes it back at release; null: it is freed.
     * @throws OutOfMemoryError when the JVM's limit on direct memory leaves no room.
     */
    StreamBuffer(int capacity, @Nullable StreamBuffers home) {
        this.home = home;
        // An aligned slice loses up to a unit at either end.
        allocated = ByteBuffer.allocateDirect(capacity + 2 * ALIGNMENT);
        bytes = allocated.alignedSlice(ALIGNMENT).limit(capacity);
        summed = bytes.duplicate();
        memory = new UnsafeBuffer(bytes, 0, capacity);
    }

    int capacity() {
        return bytes.limit();
    }

    /** Ready for another frame of so many bytes. */
    void begin(int length) {
        memory.wrap(bytes, 0, length);
        crc.reset();
    }

    void write(int position, DirectBuffer source, int offset, int length) {
        memory.putBytes(position, source, offset, length);
    }

    /** Adds bytes that were written to the checksum. */
    void sum(int position, int length) {
        crc.update(summed.limit(position + length).position(position));
    }

    /** CRC-32C of all bytes that were added. */
    int checksum() {
        return (int) crc.getValue();
    }

    @Override
    public DirectBuffer memory() {
        return memory;
    }

    @Override
    public ByteBuffer slice(int offset, int length) {
        return bytes.slice(offset, length).asReadOnlyBuffer();
    }

    @Override
    public boolean isMapped() {
        return false;
    }

    @Override
    public void release() {
        if (home == null || !home.tryKeep(this)) {
            BufferUtil.free(allocated);
        }
    }
}
