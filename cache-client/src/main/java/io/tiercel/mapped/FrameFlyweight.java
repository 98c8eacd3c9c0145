package io.tiercel.mapped;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * View of one frame in a mapped segment, little endian. Keeps the buffer and the frame's offset and no other state;
 * valid as long as the mapping and the lease under which it was wrapped. Not threadsafe.
 */
public final class FrameFlyweight {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;

    /** Aims this view at a frame; nothing is read. */
    public FrameFlyweight wrap(UnsafeBuffer segment, int frameOffset) {
        this.buffer = segment;
        this.offset = frameOffset;
        return this;
    }

    /** Offset of the frame, relative to the segment. */
    public int offset() {
        return offset;
    }

    /**
     * Whether the frame's own lengths keep it inside the segment: what must hold before any other field is believed,
     * since a checksum proves that a header is whole and not that it is honest.
     */
    public boolean isInBounds() {
        if (offset < SegmentDescriptor.HEADER_LENGTH || (offset & (ALIGNMENT - 1)) != 0
                || offset > buffer.capacity() - HEADER_LENGTH) {
            return false;
        }
        int keyLength = keyLength();
        int payloadLength = payloadLength();
        return keyLength > 0 && keyLength <= Key.MAX_LENGTH && payloadLength >= 0
                && FrameDescriptor.frameLength(keyLength, metadataLength(), payloadLength) <= (long) buffer.capacity()
                        - offset;
    }

    public int stateVolatile() {
        return buffer.getIntVolatile(offset + STATE_OFFSET);
    }

    /** The same without a view: what a repeat read asks first. */
    public static int stateVolatile(UnsafeBuffer segment, int frameOffset) {
        return segment.getIntVolatile(frameOffset + STATE_OFFSET);
    }

    /** Publishes everything written to the frame before, or takes it out of service. */
    public void stateRelease(int state) {
        buffer.putIntRelease(offset + STATE_OFFSET, state);
    }

    public int headerCrc() {
        return buffer.getInt(offset + HEADER_CRC_OFFSET, ORDER);
    }

    public FrameFlyweight headerCrc(int crc) {
        buffer.putInt(offset + HEADER_CRC_OFFSET, crc, ORDER);
        return this;
    }

    public int metadataCrc() {
        return buffer.getInt(offset + METADATA_CRC_OFFSET, ORDER);
    }

    public FrameFlyweight metadataCrc(int crc) {
        buffer.putInt(offset + METADATA_CRC_OFFSET, crc, ORDER);
        return this;
    }

    public int payloadCrc() {
        return buffer.getInt(offset + PAYLOAD_CRC_OFFSET, ORDER);
    }

    public FrameFlyweight payloadCrc(int crc) {
        buffer.putInt(offset + PAYLOAD_CRC_OFFSET, crc, ORDER);
        return this;
    }

    public int keyLength() {
        return buffer.getShort(offset + KEY_LENGTH_OFFSET, ORDER) & 0xFFFF;
    }

    public int metadataLength() {
        return buffer.getShort(offset + METADATA_LENGTH_OFFSET, ORDER) & 0xFFFF;
    }

    public int payloadLength() {
        return buffer.getInt(offset + PAYLOAD_LENGTH_OFFSET, ORDER);
    }

    /** Sets the three lengths from which every other place in the frame follows. */
    public FrameFlyweight lengths(int keyLength, int metadataLength, int payloadLength) {
        buffer.putShort(offset + KEY_LENGTH_OFFSET, (short) keyLength, ORDER);
        buffer.putShort(offset + METADATA_LENGTH_OFFSET, (short) metadataLength, ORDER);
        buffer.putInt(offset + PAYLOAD_LENGTH_OFFSET, payloadLength, ORDER);
        return this;
    }

    public long sequence() {
        return buffer.getLong(offset + SEQUENCE_OFFSET, ORDER);
    }

    public FrameFlyweight sequence(long sequence) {
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence, ORDER);
        return this;
    }

    public long epoch() {
        return buffer.getLong(offset + EPOCH_OFFSET, ORDER);
    }

    public FrameFlyweight epoch(long epoch) {
        buffer.putLong(offset + EPOCH_OFFSET, epoch, ORDER);
        return this;
    }

    public long expiresAtMs() {
        return buffer.getLong(offset + EXPIRES_AT_OFFSET, ORDER);
    }

    public FrameFlyweight expiresAtMs(long timeMs) {
        buffer.putLong(offset + EXPIRES_AT_OFFSET, timeMs, ORDER);
        return this;
    }

    public long lastModifiedMs() {
        return buffer.getLong(offset + LAST_MODIFIED_OFFSET, ORDER);
    }

    public FrameFlyweight lastModifiedMs(long timeMs) {
        buffer.putLong(offset + LAST_MODIFIED_OFFSET, timeMs, ORDER);
        return this;
    }

    public long storedAtMs() {
        return buffer.getLong(offset + STORED_AT_OFFSET, ORDER);
    }

    public FrameFlyweight storedAtMs(long timeMs) {
        buffer.putLong(offset + STORED_AT_OFFSET, timeMs, ORDER);
        return this;
    }

    /** Offset of the key, relative to the segment. */
    public int keyOffset() {
        return offset + KEY_OFFSET;
    }

    /** Offset of the metadata, relative to the segment. */
    public int metadataOffset() {
        return offset + KEY_OFFSET + keyLength();
    }

    /** Offset of the payload, relative to the segment. */
    public int payloadOffset() {
        return offset + FrameDescriptor.payloadOffset(keyLength(), metadataLength());
    }

    /** Bytes from this frame to the next. */
    public long frameLength() {
        return FrameDescriptor.frameLength(keyLength(), metadataLength(), payloadLength());
    }

    /** CRC-32C over the segment's generation, the header from byte 24 on, and the key: what headerCrc is to hold. */
    public int computeHeaderCrc(long generation) {
        int covered = HEADER_LENGTH - KEY_LENGTH_OFFSET + keyLength();
        byte[] bytes = new byte[Long.BYTES + covered];
        ByteBuffer.wrap(bytes).order(ORDER).putLong(generation);
        buffer.getBytes(offset + KEY_LENGTH_OFFSET, bytes, Long.BYTES, covered);
        return crc32c(bytes);
    }

    /** CRC-32C over sequence and metadata: what metadataCrc is to hold. */
    public int computeMetadataCrc() {
        byte[] bytes = new byte[Long.BYTES + metadataLength()];
        buffer.getBytes(offset + SEQUENCE_OFFSET, bytes, 0, Long.BYTES);
        buffer.getBytes(metadataOffset(), bytes, Long.BYTES, metadataLength());
        return crc32c(bytes);
    }

    private static int crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /** Whether header, key and metadata match their checksums; after {@link #isInBounds()}. Allocates. */
    public boolean isHeaderIntact(long generation) {
        return headerCrc() == computeHeaderCrc(generation) && metadataCrc() == computeMetadataCrc();
    }

    /** Whether the frame's key is these bytes. */
    public boolean keyEquals(DirectBuffer key, int keyOffset, int keyLength) {
        if (keyLength != keyLength()) {
            return false;
        }
        int mine = keyOffset();
        int index = 0;
        for (int end = keyLength - 7; index < end; index += 8) {
            if (buffer.getLong(mine + index) != key.getLong(keyOffset + index)) {
                return false;
            }
        }
        for (; index < keyLength; index++) {
            if (buffer.getByte(mine + index) != key.getByte(keyOffset + index)) {
                return false;
            }
        }
        return true;
    }

    /** The entity tag with its quotes, or empty. */
    public String etag() {
        return metadataText(0);
    }

    /** The content type, or empty. */
    public String contentType() {
        int etagLength = metadataLength() == 0 ? 0 : buffer.getByte(metadataOffset()) & 0xFF;
        return metadataText(1 + etagLength);
    }

    private String metadataText(int at) {
        int metadataLength = metadataLength();
        if (at >= metadataLength) {
            return "";
        }
        int textOffset = metadataOffset() + at;
        int length = Math.min(buffer.getByte(textOffset) & 0xFF, metadataLength - at - 1);
        byte[] bytes = new byte[length];
        buffer.getBytes(textOffset + 1, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
