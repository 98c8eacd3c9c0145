package io.tiercel.segment;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of a segment as one walk reads them, with a position of its own: any thread may hold one, none shares it.
 * Valid as long as the mapping under it.
 *
 * @param bytes      the same bytes as {@code buffer}; position and limit are whatever the last checksum left.
 * @param generation of the frames that count.
 */
public record SegmentView(UnsafeBuffer buffer, ByteBuffer bytes, long generation) {
    /** A view of mapped bytes. */
    public static SegmentView of(UnsafeBuffer buffer, long generation) {
        return new SegmentView(buffer, buffer.byteBuffer().duplicate(), generation);
    }
}
