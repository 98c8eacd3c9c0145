package io.tiercel.tier;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentFixture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames for tests of those who read them: each alone in a mapped segment of its own. */
public final class PinnedFixture {
    private PinnedFixture() {}

    /** A segment with room for one frame of that payload. */
    public static Segment segmentFor(Path directory, int slot, int payloadLength) {
        return SegmentFixture.create(directory, slot, SegmentDescriptor.HEADER_LENGTH + 4096 + payloadLength);
    }

    /** Where the payload of the segment's frame lies, to be written. */
    public static ByteBuffer payloadOf(Segment segment, int payloadLength) {
        int offset = SegmentDescriptor.HEADER_LENGTH + 1024;
        return segment.buffer().byteBuffer().duplicate().clear().slice(offset, payloadLength);
    }

    /** The frame, its payload written before. */
    public static Pinned frame(Segment segment, int payloadLength, String etag, String contentType,
            long lastModifiedMs) {
        UnsafeBuffer buffer = segment.buffer();
        int offset = SegmentDescriptor.HEADER_LENGTH;
        byte[] tag = etag.getBytes(StandardCharsets.ISO_8859_1);
        byte[] type = contentType.getBytes(StandardCharsets.ISO_8859_1);
        int metadataLength = 2 + tag.length + type.length;
        // A key as long as it takes for the payload to lie where payloadOf says.
        int keyLength = 1024 - FrameDescriptor.HEADER_LENGTH - metadataLength;
        FrameFlyweight frame = new FrameFlyweight().wrap(buffer, offset)
                .lengths(keyLength, metadataLength, payloadLength).lastModifiedMs(lastModifiedMs);
        int at = frame.metadataOffset();
        buffer.putByte(at, (byte) tag.length);
        buffer.putBytes(at + 1, tag);
        buffer.putByte(at + 1 + tag.length, (byte) type.length);
        buffer.putBytes(at + 2 + tag.length, type);
        return new Pinned(new FrameView().wrapMapped(segment, offset));
    }
}
