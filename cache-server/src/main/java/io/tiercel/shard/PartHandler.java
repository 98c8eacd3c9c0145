package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.tier.FrameView;

/** Takes the one outcome of a read of a part. Called on the shard thread: must neither block nor call the shard back. */
public interface PartHandler {
    /**
     * The frame, valid during the call; {@link Shard#pin(FrameView)} keeps it for longer.
     *
     * @param position    of the payload's first byte in the object.
     * @param totalLength bytes of the object.
     */
    void onPart(FrameView frame, long position, long totalLength, Served served);

    /** Why there is none; an absent key is NOT_FOUND. */
    void onFailure(ErrorCode code, String message, int retryAfterMs);
}
