package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.tier.FrameView;

/** Takes the one outcome of a read. Called on the shard thread: must neither block nor call the shard back. */
public interface ReadHandler {
    /** The frame, valid during the call; {@link Shard#pin(FrameView)} keeps it for longer. */
    void onFrame(FrameView frame, Served served);

    /** Why there is none; an absent key is NOT_FOUND. */
    void onFailure(ErrorCode code, String message, int retryAfterMs);
}
