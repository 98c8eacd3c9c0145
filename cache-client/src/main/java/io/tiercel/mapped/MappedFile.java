package io.tiercel.mapped;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One file mapped whole, at most 2 GiB - 1 long. The mapping outlives its descriptor, which is closed at once.
 *
 * <p>Threadsafe but for {@link #close()}: after it the buffer must not be touched, and touching it is a crash of the
 * process and no exception. Whoever closes proves first that nobody reads: see {@link ReaderFile} for how.
 */
public final class MappedFile implements AutoCloseable {
    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;
    private final boolean writable;
    private boolean closed;

    private MappedFile(MappedByteBuffer mapping, boolean writable) {
        this.mapping = mapping;
        this.buffer = new UnsafeBuffer(mapping);
        this.writable = writable;
    }

    /** Maps an existing file for reading; a store through this mapping faults. */
    public static MappedFile openReadOnly(Path file) throws IOException {
        return map(file, false);
    }

    /** Maps an existing file for reading and writing; its length is what was reserved for it before. */
    public static MappedFile openWritable(Path file) throws IOException {
        return map(file, true);
    }

    private static MappedFile map(Path file, boolean writable) throws IOException {
        try (FileChannel channel = writable
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            if (length > Integer.MAX_VALUE) {
                throw new IOException(file + " cannot be mapped: length=" + length + " exceeds " + Integer.MAX_VALUE);
            }
            FileChannel.MapMode mode = writable ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY;
            return new MappedFile(channel.map(mode, 0, length), writable);
        }
    }

    /** The mapped bytes; the same object at every call. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Read-only view of a range. */
    public ByteBuffer slice(int offset, int length) {
        return mapping.slice(offset, length).asReadOnlyBuffer();
    }

    /** Absolute address of the first byte. */
    public long address() {
        return buffer.addressOffset();
    }

    /** Length in bytes. */
    public int length() {
        return buffer.capacity();
    }

    /** Writes dirty pages to the disk and waits for it. */
    public void force() {
        if (writable) {
            mapping.force();
        }
    }

    /** Unmaps; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            buffer.wrap(0, 0);
            IoUtil.unmap(mapping);
        }
    }
}
