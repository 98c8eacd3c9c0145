package io.tiercel.client;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory outside the heap for one received frame, on a multiple of 64, freed at release. The polling thread alone
 * writes it, and only before the frame is handed out; one that never is handed out is left to the collector, since the
 * poll may still be writing.
 */
final class StreamBuffer implements Lease {
    private static final int ALIGNMENT = 64;

    private final ByteBuffer allocated;
    private final ByteBuffer bytes;
    private final UnsafeBuffer memory;

    /** @throws OutOfMemoryError when the JVM's limit on direct memory leaves no room. */
    StreamBuffer(int length) {
        // An aligned slice loses up to a unit at either end.
        allocated = ByteBuffer.allocateDirect(length + 2 * ALIGNMENT);
        bytes = allocated.alignedSlice(ALIGNMENT).limit(length);
        memory = new UnsafeBuffer(bytes, 0, length);
    }

    void write(int position, DirectBuffer source, int offset, int length) {
        memory.putBytes(position, source, offset, length);
    }

    void checksum(CRC32C crc, int position, int length) {
        crc.update(bytes.slice(position, length));
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
        BufferUtil.free(allocated);
    }
}
