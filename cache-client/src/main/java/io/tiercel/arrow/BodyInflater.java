package io.tiercel.arrow;

import java.io.IOException;
import java.io.InputStream;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unfolds compressed buffers into memory of the allocator, within the budget; what is not compressed stays where it is.
 *
 * <pre>
 *  [long length when unfolded, -1: not compressed after all] [zstd or LZ4 frame]
 * </pre>
 *
 * <p>LZ4 goes through a small window: Arrow's own codec unfolds to heap arrays without regard to the length announced.
 */
final class BodyInflater {
    private static final byte NONE = -1;
    private static final int WINDOW_LENGTH = 64 * 1024;

    private final BufferAllocator allocator;
    private final ByteBudget budget;
    private byte codec = NONE;

    BodyInflater(BufferAllocator allocator, ByteBudget budget) {
        this.allocator = allocator;
        this.budget = budget;
    }

    /** Chooses the codec of the buffers that follow. */
    void begin(@Nullable BodyCompression compression) {
        if (compression == null) {
            codec = NONE;
            return;
        }
        if (compression.method() != BodyCompressionMethod.BUFFER) {
            throw Corruption.unsupported("compression method=" + compression.method());
        }
        codec = compression.codec();
        if (codec != CompressionType.LZ4_FRAME && codec != CompressionType.ZSTD) {
            throw Corruption.unsupported("compression codec=" + codec);
        }
    }

    /** The buffer uncompressed, with a reference for the caller to release; the one given stays the caller's. */
    ArrowBuf retained(ArrowBuf buffer) {
        if (codec == NONE || buffer.capacity() == 0) {
            buffer.getReferenceManager().retain();
            return buffer;
        }
        long prefixLength = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
        Corruption.unless(buffer.capacity() >= prefixLength, "compressed buffer without its length");
        ArrowBuf content = buffer.slice(prefixLength, buffer.capacity() - prefixLength);
        long length = buffer.getLong(0);
        if (length == CompressionUtil.NO_COMPRESSION_LENGTH) {
            content.getReferenceManager().retain();
            return content;
        }
        Corruption.within(length, Long.MAX_VALUE, "uncompressed length");
        budget.take(length);
        if (length == 0) {
            content.getReferenceManager().retain();
            return content.slice(0, 0);
        }
        try {
            return codec == CompressionType.ZSTD ? unfoldZstd(buffer, length) : unfoldLz4(content, length);
        } catch (NoClassDefFoundError e) {
            throw Corruption.unsupported("compressed body; add org.apache.arrow:arrow-compression (" + e + ")");
        }
    }

    private ArrowBuf unfoldZstd(ArrowBuf buffer, long length) {
        buffer.getReferenceManager().retain();
        boolean isDone = false;
        try {
            ArrowBuf unfolded = CommonsCompressionFactory.INSTANCE.createCodec(CompressionUtil.CodecType.ZSTD)
                    .decompress(allocator, buffer);
            isDone = true;
            return unfolded.slice(0, length);
        } finally {
            if (!isDone) {
                buffer.getReferenceManager().release();
            }
        }
    }

    private ArrowBuf unfoldLz4(ArrowBuf content, long length) {
        ArrowBuf unfolded = allocator.buffer(length);
        boolean isDone = false;
        try (InputStream in = new FramedLZ4CompressorInputStream(new BufferInput(content))) {
            copyExactly(in, unfolded, length);
            isDone = true;
            return unfolded.slice(0, length);
        } catch (IOException e) {
            throw Corruption.of("LZ4: " + e.getMessage());
        } finally {
            if (!isDone) {
                unfolded.close();
            }
        }
    }

    private static void copyExactly(InputStream in, ArrowBuf target, long length) throws IOException {
        byte[] window = new byte[(int) Math.min(WINDOW_LENGTH, length)];
        long position = 0;
        while (position < length) {
            int count = in.read(window, 0, (int) Math.min(window.length, length - position));
            Corruption.unless(count > 0, "LZ4 data ends at " + position + " of " + length);
            target.setBytes(position, window, 0, count);
            position += count;
        }
        Corruption.unless(in.read() < 0, "LZ4 data goes on beyond " + length);
    }

    private static final class BufferInput extends InputStream {
        private final ArrowBuf buffer;
        private long position;

        BufferInput(ArrowBuf buffer) {
            this.buffer = buffer;
        }

        @Override
        public int read() {
            return position == buffer.capacity() ? -1 : buffer.getByte(position++) & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(length, buffer.capacity() - position);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            buffer.getBytes(position, target, offset, count);
            position += count;
            return count;
        }
    }
}
