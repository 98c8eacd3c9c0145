package io.tiercel.storage.s3;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The source of a write, part by part, in one buffer outside the heap that the next part replaces. Not threadsafe.
 */
final class PartSource implements AutoCloseable {
    private final ReadableByteChannel source;
    private final long length;
    private final PartLength lengths;
    /** The byte that shows that the source goes on, until it is the first of the next part. */
    private final ByteBuffer probe = ByteBuffer.allocate(1);
    private @Nullable Arena arena;
    private ByteBuffer part = ByteBuffer.allocate(0);
    private long count;
    private boolean ended;

    /** How long parts are. */
    interface PartLength {
        /** The most bytes of the part of that index, counted from 0. */
        int of(int index);
    }

    /** @param length bytes that the source must give, or {@link ObjectInfo#UNKNOWN_LENGTH}. */
    PartSource(ReadableByteChannel source, long length, PartLength lengths) {
        this.source = source;
        this.length = length;
        this.lengths = lengths;
        this.probe.flip().position(probe.limit());
    }

    /**
     * The next part, from 0 to its limit, valid until the next call; shorter than its size, maybe empty, only as the last.
     *
     * @throws UncheckedIOException when the source failed, or gave more or less than expected.
     */
    ByteBuffer next(int index) {
        int size = lengths.of(index);
        if (length != ObjectInfo.UNKNOWN_LENGTH) {
            size = (int) Math.min(size, length - count);
        }
        allocate(size);
        if (probe.hasRemaining()) {
            part.put(probe);
        }
        while (part.hasRemaining() && !ended) {
            ended = read(part) < 0;
        }
        count += part.position();
        if (!ended) {
            ended = read(probe.clear()) < 0;
            while (!ended && probe.position() == 0) {
                ended = read(probe) < 0;
            }
            probe.flip();
        }
        requireLength();
        return part.flip();
    }

    /** Whether the part given last was the last one. */
    boolean isEnded() {
        return ended;
    }

    /** Bytes given so far. */
    long count() {
        return count;
    }

    private void requireLength() {
        if (length == ObjectInfo.UNKNOWN_LENGTH) {
            return;
        }
        if (ended && count < length) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + count + " of " + length + " bytes"));
        }
        if (!ended && count == length) {
            throw new UncheckedIOException(new IOException("the source goes on after " + length + " bytes"));
        }
    }

    private void allocate(int size) {
        if (part.capacity() < size) {
            close();
            Arena fresh = Arena.ofShared();
            arena = fresh;
            part = fresh.allocate(size).asByteBuffer();
        }
        part.clear().limit(size);
    }

    private int read(ByteBuffer target) {
        try {
            return source.read(target);
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
    }

    /** Frees the buffer; not the source, which is its owner's to close. */
    @Override
    public void close() {
        Arena held = arena;
        if (held != null) {
            arena = null;
            held.close();
        }
    }
}
