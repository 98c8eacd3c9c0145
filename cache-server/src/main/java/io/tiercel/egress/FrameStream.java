package io.tiercel.egress;

import io.aeron.ExclusivePublication;
import io.tiercel.tier.Pinned;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A frame on its way to one client, part by part, from where it lies. Owns a pin until {@link Session} gives it back.
 * Single writer: shard agent.
 */
final class FrameStream {
    /** Parts sent a turn, so that a large frame does not hold up the replies to others. */
    private static final int PARTS_PER_TURN = 8;

    private final long correlationId;
    private final Pinned frame;
    private final DirectBuffer payload;
    private int position;

    /** @param position bytes of the slice that were sent with the message that began it. */
    FrameStream(long correlationId, Pinned frame, Slice slice, int position) {
        this.correlationId = correlationId;
        this.frame = frame;
        this.payload = new UnsafeBuffer(frame.payload(), slice.from(), slice.length());
        this.position = position;
    }

    long correlationId() {
        return correlationId;
    }

    Pinned frame() {
        return frame;
    }

    boolean isComplete() {
        return position == payload.capacity();
    }

    /** Sends what the publication takes; answers the parts sent, or a negative result of Aeron's when it took none. */
    long advance(ExclusivePublication replies, ReplyEncoder encoder, int partLimit) {
        long sent = 0;
        while (sent < PARTS_PER_TURN && !isComplete()) {
            int partLength = Math.min(partLimit, payload.capacity() - position);
            int length = encoder.frameChunk(correlationId, position, partLength);
            long result = replies.offer(encoder.buffer(), 0, length, payload, position, partLength);
            if (result < 0) {
                return sent > 0 ? sent : result;
            }
            position += partLength;
            sent++;
        }
        return sent;
    }
}
