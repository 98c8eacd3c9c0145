package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;

/**
 * Walks the frames of a segment of which nothing is believed yet. Not threadsafe.
 *
 * <p>The end is a place that reads as never written, or the end of the file. Anything else that is no whole frame of
 * the segment's generation is damage: what lies behind it cannot be found any more and is dropped with it.
 */
public final class FrameScanner {
    /** Told of each whole frame in order; the flyweight is valid during the call. */
    public interface Visitor {
        /** A frame in state WRITING, LIVE or DEAD. */
        void onFrame(FrameFlyweight frame, int state);
    }

    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameChecksum checksum;

    public FrameScanner(FrameChecksum checksum) {
        this.checksum = checksum;
    }

    /**
     * Visits every whole frame and sets the segment's tail behind the last.
     *
     * @return false when the walk ended at damage.
     */
    public boolean scan(Segment segment, Visitor visitor) {
        int offset = SegmentDescriptor.HEADER_LENGTH;
        boolean whole = true;
        while (offset <= segment.fileLength() - HEADER_LENGTH) {
            frame.wrap(segment.buffer(), offset);
            int state = frame.stateVolatile();
            if (state == FREE) {
                break;
            }
            if (!checksum.isHeaderWhole(segment, frame, segment.generation())) {
                whole = isLeftFromReclaim(segment, offset);
                break;
            }
            offset += (int) frame.frameLength();
            visitor.onFrame(frame, state);
        }
        segment.tail(offset);
        return whole;
    }

    /** A segment whose reclaim had begun still starts with its old frames. */
    private boolean isLeftFromReclaim(Segment segment, int offset) {
        return offset == SegmentDescriptor.HEADER_LENGTH
                && checksum.isHeaderWhole(segment, frame, segment.generation() - 1);
    }
}
