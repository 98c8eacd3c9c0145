package io.tiercel.tier;

import io.tiercel.Key;
import io.tiercel.segment.Segment;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Room for one frame, in its segment already and seen by nobody. Its payload is written by one thread at a time; it is
 * published or aborted on the shard thread, and the payload must not be touched after.
 */
public final class Allocation {
    /** Who ends allocations. */
    interface Owner {
        boolean publish(Allocation allocation, int payloadCrc, String etag);

        void abort(Allocation allocation);
    }

    private final Owner owner;
    private final FrameRequest request;
    private final Segment segment;
    private final int frameOffset;
    private final MutableDirectBuffer payload;

    private @Nullable Allocation before;
    private boolean superseded;
    private boolean ended;
    private boolean lost;

    Allocation(Owner owner, FrameRequest request, Segment segment, int frameOffset, int payloadOffset) {
        this.owner = owner;
        this.request = request;
        this.segment = segment;
        this.frameOffset = frameOffset;
        this.payload = new UnsafeBuffer(segment.buffer(), payloadOffset, (int) request.payloadLength());
    }

    /** The payload's place, from 0 to its capacity; the same object at every call. */
    public MutableDirectBuffer payload() {
        return payload;
    }

    /** The payload's place as a buffer of its own position. */
    public ByteBuffer payloadByteBuffer() {
        return payload.byteBuffer().duplicate().clear().slice(payload.wrapAdjustment(), payload.capacity());
    }

    public Key key() {
        return request.key();
    }

    public long payloadLength() {
        return request.payloadLength();
    }

    /**
     * Makes the frame the key's value. Shard thread; once.
     *
     * @param payloadCrc CRC-32C of the payload as written.
     * @param etag       with its quotes, of exactly the length that was requested.
     * @return false when an invalidation that covers the frame was acknowledged meanwhile: it is dead then, and nothing
     *         is served; or when it is lost, as {@link #isLost()} tells then.
     * @throws IllegalStateException when it was published or aborted before.
     */
    public boolean publish(int payloadCrc, String etag) {
        if (ended) {
            throw new IllegalStateException("allocation of key=" + key() + " has ended; publish it once");
        }
        return owner.publish(this, payloadCrc, etag);
    }

    /** Gives the room up; after an end it does nothing. Shard thread. */
    public void abort() {
        if (!ended) {
            owner.abort(this);
        }
    }

    FrameRequest request() {
        return request;
    }

    Segment segment() {
        return segment;
    }

    int frameOffset() {
        return frameOffset;
    }

    /** The one asked for before it for the same key, of those that have not ended; or null. */
    @Nullable
    Allocation before() {
        return before;
    }

    void before(@Nullable Allocation asked) {
        before = asked;
    }

    /** An invalidation of its key was acknowledged: what it holds is older. */
    void supersede() {
        superseded = true;
    }

    boolean isSuperseded() {
        return superseded;
    }

    /** Its memory is gone: somebody cut its segment's file short. What is written into it is for nobody. Shard thread. */
    public boolean isLost() {
        return lost || segment.isQuarantined();
    }

    void lose() {
        lost = true;
    }

    void end() {
        ended = true;
    }
}
