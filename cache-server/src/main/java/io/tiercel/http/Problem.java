package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.json.JsonWriter;
import org.eclipse.jetty.http.HttpStatus;

/**
 * An error as HTTP tells it: {@code application/problem+json} of RFC 9457, with our code as a member. Immutable.
 *
 * @param retryAfterS seconds for Retry-After, 0 for no such field
 */
record Problem(ErrorCode code, int status, String detail, int retryAfterS) {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final int DEFAULT_RETRY_AFTER_S = 1;

    static Problem of(TiercelException failure) {
        int status = statusOf(failure);
        int retryAfterS = 0;
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            retryAfterS = Math.max(DEFAULT_RETRY_AFTER_S, Math.ceilDiv(failure.retryAfterMs(), 1000));
        }
        String message = failure.getMessage();
        return new Problem(failure.code(), status, message == null ? "" : message, retryAfterS);
    }

    static Problem of(ErrorCode code, String detail) {
        return of(new TiercelException(code, detail));
    }

    /** A defect of ours, of which the outside learns no more. */
    static Problem defect() {
        return of(ErrorCode.INTERNAL, "a defect of the node; its log says more");
    }

    String json() {
        String title = HttpStatus.getMessage(status);
        return new JsonWriter().beginObject().field("type", "about:blank").field("title", title)
                .field("status", status).field("detail", detail).field("code", code.name()).endObject().toString();
    }

    private static int statusOf(TiercelException failure) {
        return switch (failure.code()) {
            case INVALID_ARGUMENT, INVALID_KEY, BAD_CONFIGURATION -> HttpStatus.BAD_REQUEST_400;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED_401;
            case FORBIDDEN -> HttpStatus.FORBIDDEN_403;
            case NOT_FOUND -> HttpStatus.NOT_FOUND_404;
            case NOT_SUPPORTED -> HttpStatus.METHOD_NOT_ALLOWED_405;
            case NOT_EMPTY -> HttpStatus.CONFLICT_409;
            case PRECONDITION_FAILED, ALREADY_EXISTS -> HttpStatus.PRECONDITION_FAILED_412;
            case TOO_LARGE -> HttpStatus.PAYLOAD_TOO_LARGE_413;
            case NO_SPACE -> HttpStatus.INSUFFICIENT_STORAGE_507;
            // The last only between the shard's end and ours.
            case OVERLOADED, NOT_YET_AVAILABLE, NODE_UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE_503;
            case STORE_REFUSED -> HttpStatus.BAD_GATEWAY_502;
            // An open breaker knows when to come again.
            case STORE_UNAVAILABLE ->
                failure.retryAfterMs() > 0 ? HttpStatus.SERVICE_UNAVAILABLE_503 : HttpStatus.BAD_GATEWAY_502;
            case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT_504;
            case CORRUPT, INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR_500;
        };
    }
}
