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
        /** A frame in state WRITING, LIVE or DEAD, or in one that there is not: that frame is damaged. */
        void onFrame(FrameFlyweight frame, int state);
    }

    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameChecksum checksum;
    private int tail;

    public FrameScanner(FrameChecksum checksum) {
        this.checksum = checksum;
    }

    /**
     * Visits every whole frame and sets the segment's tail behind the last.
     *
     * @return false when the walk ended at damage.
     */
    public boolean scan(Segment segment, Visitor visitor) {
        boolean whole = scan(segment.view(), visitor);
        segment.tail(tail);
        return whole;
    }

    /**
     * Visits every whole frame.
     *
     * @return false when the walk ended at damage, at {@link #tail()}.
     */
    public boolean scan(SegmentView view, Visitor visitor) {
        tail = SegmentDescriptor.HEADER_LENGTH;
        while (tail <= view.buffer().capacity() - HEADER_LENGTH) {
            frame.wrap(view.buffer(), tail);
            int state = frame.stateVolatile();
            if (state == FREE) {
                return true;
            }
            if (!checksum.isHeaderWhole(view.bytes(), frame, view.generation())) {
                return isLeftFromReclaim(view);
            }
            int offset = tail;
            tail += (int) frame.frameLength();
            visitor.onFrame(frame.wrap(view.buffer(), offset), state);
        }
        return true;
    }

    /** Where the last walk ended, or has come to: behind the last whole frame. */
    public int tail() {
        return tail;
    }

    /** A segment whose reclaim had begun still starts with its old frames. */
    private boolean isLeftFromReclaim(SegmentView view) {
        return tail == SegmentDescriptor.HEADER_LENGTH
                && checksum.isHeaderWhole(view.bytes(), frame, view.generation() - 1);
    }
}
