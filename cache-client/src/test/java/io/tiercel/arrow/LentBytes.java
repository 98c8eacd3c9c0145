package io.tiercel.arrow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes outside of the heap, lent like a frame's: counts how often the hold on them was closed. */
final class LentBytes implements AutoCloseable {
    private final UnsafeBuffer buffer;
    private final AtomicInteger closeCount = new AtomicInteger();

    private LentBytes(ByteBuffer bytes) {
        this.buffer = new UnsafeBuffer(bytes);
    }

    static LentBytes of(byte[] bytes) {
        return at(0, bytes);
    }

    /** The bytes at a distance from an address that is a multiple of 8. */
    static LentBytes at(int misalignment, byte[] bytes) {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 16);
        int start = direct.alignedSlice(8).capacity() == direct.capacity() ? 0 : 8 - direct.alignmentOffset(0, 8);
        direct.position(start + misalignment).put(bytes).flip().position(start + misalignment);
        return new LentBytes(direct.slice());
    }

    /** A file mapped for reading: a write into it ends the process. */
    static LentBytes map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new LentBytes(mapping);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long address() {
        return buffer.addressOffset();
    }

    int length() {
        return buffer.capacity();
    }

    boolean contains(long address, long length) {
        return address >= address() && address + length <= address() + length();
    }

    byte[] copy() {
        byte[] bytes = new byte[length()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    ArrowFrame open(ArrowFrame.Context context) {
        return ArrowFrame.open(buffer, 0, length(), this, context);
    }

    int closeCount() {
        return closeCount.get();
    }

    @Override
    public void close() {
        closeCount.incrementAndGet();
    }
}
