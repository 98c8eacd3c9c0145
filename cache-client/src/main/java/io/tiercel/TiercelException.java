package io.tiercel;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed for a reason outside the program's text: environment, state, refusal. Misuse of the library is an
 * {@link IllegalArgumentException} or {@link IllegalStateException} instead.
 *
 * <p>The message is one line, for people: what, with the value, and what to do. It bears no secret.
 */
public final class TiercelException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int retryAfterMs;

    public TiercelException(ErrorCode code, String message) {
        this(code, message, 0, null);
    }

    public TiercelException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, 0, cause);
    }

    public TiercelException(ErrorCode code, String message, int retryAfterMs, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfterMs = retryAfterMs;
    }

    public ErrorCode code() {
        return code;
    }

    /** Milliseconds after which a further try makes sense, 0 when nothing is known. */
    public int retryAfterMs() {
        return retryAfterMs;
    }
}
