package io.tiercel.egress;

import io.tiercel.tier.FrameView;

/**
 * Bytes of a frame, and of which bytes of an object they are. Immutable.
 *
 * @param from         where they begin in the frame's payload.
 * @param position     where they begin in the object.
 * @param objectLength bytes of the object.
 */
record Slice(int from, int length, long position, long objectLength) {
    /** Bytes in one answer to a range: the client asks on. */
    static final int MOST = 4 << 20;

    /** All of a frame that is an object. */
    static Slice of(FrameView frame) {
        return new Slice(0, frame.payloadLength(), 0, frame.payloadLength());
    }

    /**
     * What of a frame is wanted: nothing where that lies behind the object's end.
     *
     * @param framePosition where the frame begins in the object.
     */
    static Slice of(FrameView frame, long framePosition, long objectLength, long offset, long maxLength) {
        int from = (int) Math.max(0, Math.min(offset - framePosition, frame.payloadLength()));
        long left = Math.min(frame.payloadLength() - from, objectLength - framePosition - from);
        int length = (int) Math.max(0, Math.min(Math.min(maxLength, MOST), left));
        return new Slice(from, length, framePosition + from, objectLength);
    }
}
