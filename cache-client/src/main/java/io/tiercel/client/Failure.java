package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import org.jspecify.annotations.Nullable;

/** Why a call failed: thrown where it is waited for, so that the trace is the caller's. Immutable and threadsafe. */
record Failure(ErrorCode code, String message, int retryAfterMs, @Nullable Throwable cause) {
    static Failure of(ErrorCode code, String message) {
        return new Failure(code, message, 0, null);
    }

    static Failure of(ErrorCode code, String message, Throwable cause) {
        return new Failure(code, message, 0, cause);
    }

    TiercelException toException() {
        return new TiercelException(code, message, retryAfterMs, cause);
    }
}
