package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.tier.FrameView;
import org.jspecify.annotations.Nullable;

/** Takes the one outcome of a read. Called on the shard thread: must neither block nor call the shard back. */
public interface ReadHandler {
    /** The frame, valid during the call; {@link Shard#pin(FrameView)} keeps it for longer. */
    void onFrame(FrameView frame, Served served);

    /** Why there is none; an absent key is NOT_FOUND. */
    void onFailure(ErrorCode code, String message, int retryAfterMs);

    /** The object is kept in pages, or will be: it is read part by part. */
    default void onPages() {
        onFailure(ErrorCode.TOO_LARGE, "object is no single frame: read it by ranges or as a stream", 0);
    }

    /** The object's body is coming in: whether this read has taken what it wants of it. Only reads of parts do. */
    default boolean onArriving(Arriving body) {
        return false;
    }

    /**
     * The object is not kept: it is read as a stream, of which one of those who waited is offered what has begun.
     *
     * @param stream null when somebody else took it.
     * @return whether it is taken, and will be closed.
     */
    default boolean onStream(@Nullable PassedStream stream) {
        onPages();
        return false;
    }
}
