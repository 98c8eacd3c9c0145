package io.tiercel.shard;

import io.tiercel.ErrorCode;

/** Takes the one outcome of an operation. Called on the shard thread: must not block. */
public interface Outcome<T> {
    void onDone(T result);

    /** Why it was not done; what was there before is there still, unless the message says that this is unknown. */
    void onFailure(ErrorCode code, String message, int retryAfterMs);
}
