package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.Key;
import io.tiercel.mapped.FrameFlyweight;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The three checksums of a frame in a segment, and the judgement of a frame by them. Allocates nothing. Not threadsafe.
 *
 * <p>The header's covers the segment's generation, so that a frame left over from an older one, behind the tail, does
 * not pass; and it is taken only after the lengths were found inside the segment.
 */
public final class FrameChecksum {
    private static final int COVERED_FROM = KEY_LENGTH_OFFSET;

    private static final int PIECE_LENGTH = 8 * 1024;

    private final CRC32C crc = new CRC32C();
    private final byte[] piece = new byte[PIECE_LENGTH];

    /** Of the header of a frame under a generation, and of its key. */
    public int header(ByteBuffer segment, int frameOffset, int keyLength, long generation) {
        crc.reset();
        for (int i = 0; i < Long.BYTES; i++) {
            piece[i] = (byte) (generation >>> (i * Byte.SIZE));
        }
        crc.update(piece, 0, Long.BYTES);
        return add(segment, frameOffset + COVERED_FROM, HEADER_LENGTH - COVERED_FROM + keyLength);
    }

    /** Of a range of a segment. */
    public int range(ByteBuffer segment, int offset, int length) {
        crc.reset();
        return add(segment, offset, length);
    }

    /** Of a frame's sequence and metadata. */
    public int metadata(Segment segment, FrameFlyweight frame) {
        return metadata(segment.bytes(), frame);
    }

    private int metadata(ByteBuffer segment, FrameFlyweight frame) {
        crc.reset();
        add(segment, frame.offset() + SEQUENCE_OFFSET, Long.BYTES);
        return add(segment, frame.metadataOffset(), frame.metadataLength());
    }

    private int add(ByteBuffer segment, int offset, int length) {
        // By copies: the checksum's native code on a mapping of a file that was cut short would end the process, a copy
        // throws an InternalError.
        int end = offset + length;
        for (int at = offset; at < end; at += PIECE_LENGTH) {
            int count = Math.min(PIECE_LENGTH, end - at);
            segment.get(at, piece, 0, count);
            crc.update(piece, 0, count);
        }
        return (int) crc.getValue();
    }

    /** Whether a frame's header can be believed: lengths inside the segment, checksum right. */
    public boolean isHeaderWhole(Segment segment, FrameFlyweight frame, long generation) {
        return isHeaderWhole(segment.bytes(), frame, generation);
    }

    /** The same for a walk of its own; see {@link SegmentView#bytes()}. */
    public boolean isHeaderWhole(ByteBuffer segment, FrameFlyweight frame, long generation) {
        if (!frame.isInBounds() || frame.keyLength() > Key.MAX_LENGTH) {
            return false;
        }
        return frame.headerCrc() == header(segment, frame.offset(), frame.keyLength(), generation);
    }

    /** Whether sequence and metadata of a published frame are as they were written, and the latter shaped as metadata is. */
    public boolean isMetadataWhole(Segment segment, FrameFlyweight frame) {
        return isMetadataWhole(segment.bytes(), frame);
    }

    /** The same for a walk of its own. */
    public boolean isMetadataWhole(ByteBuffer segment, FrameFlyweight frame) {
        int length = frame.metadataLength();
        int offset = frame.metadataOffset();
        if (length < 2 || metadata(segment, frame) != frame.metadataCrc()) {
            return false;
        }
        segment.clear();
        int etagLength = segment.get(offset) & 0xFF;
        return etagLength + 2 <= length
                && etagLength + 2 + (segment.get(offset + 1 + etagLength) & 0xFF) == length;
    }

    /** Whether the payload of a published frame is as it was written. Reads all of it. */
    public boolean isPayloadWhole(Segment segment, FrameFlyweight frame) {
        return isPayloadWhole(segment.bytes(), frame);
    }

    /** The same for a walk of its own. */
    public boolean isPayloadWhole(ByteBuffer segment, FrameFlyweight frame) {
        return range(segment, frame.payloadOffset(), frame.payloadLength()) == frame.payloadCrc();
    }
}
