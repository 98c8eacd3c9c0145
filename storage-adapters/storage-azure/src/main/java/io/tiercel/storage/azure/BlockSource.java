package io.tiercel.storage.azure;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The bytes of a write in blocks, through one buffer outside the heap. Not threadsafe. */
final class BlockSource implements AutoCloseable {
    /** Blocks of one blob that Azure takes at most. */
    static final int MAX_BLOCKS = 50_000;
    /** Of most blocks: each request costs some 20 KiB of heap. A source of unknown length may give 390 GiB in all. */
    private static final long BLOCK_LENGTH = 8L * 1024 * 1024;

    private final ReadableByteChannel source;
    private final long expected;
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer buffer;
    private final ByteBuffer probe = ByteBuffer.allocate(1);
    private long taken;
    private boolean ended;

    BlockSource(ReadableByteChannel source, long expected) {
        this.source = source;
        this.expected = expected;
        this.buffer = arena.allocate(Math.max(1, blockLength(expected))).asByteBuffer();
    }

    private static long blockLength(long expected) {
        if (expected == ObjectInfo.UNKNOWN_LENGTH) {
            return BLOCK_LENGTH;
        }
        return Math.min(expected, Math.max(BLOCK_LENGTH, (expected + MAX_BLOCKS - 1) / MAX_BLOCKS));
    }

    /**
     * The next bytes, as many as a block has, fewer at the end alone. Valid until the next call.
     *
     * @throws UncheckedIOException when the source failed, or gave more or less than expected.
     */
    ByteBuffer next() {
        buffer.clear();
        if (probe.position() > 0) {
            buffer.put(probe.flip());
            probe.clear();
        }
        while (!ended && buffer.hasRemaining()) {
            ended = read(buffer) < 0;
        }
        if (!ended) {
            ended = read(probe) < 0;
        }
        buffer.flip();
        taken += buffer.remaining();
        check();
        return buffer;
    }

    private void check() {
        if (expected == ObjectInfo.UNKNOWN_LENGTH) {
            return;
        }
        if (taken + probe.position() > expected) {
            throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
        }
        if (ended && taken < expected) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + taken + " of " + expected + " bytes"));
        }
    }

    /** Whether the block given last was the last. */
    boolean isEnded() {
        return ended;
    }

    long taken() {
        return taken;
    }

    private int read(ByteBuffer target) {
        try {
            int count = source.read(target);
            while (count == 0) {
                count = source.read(target);
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
