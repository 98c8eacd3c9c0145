package io.tiercel.cli;

import io.tiercel.ErrorCode;

/** Exit codes of every command, and which error ends in which. Stateless. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int REFUSED = 4;
    static final int UNAVAILABLE = 5;

    private ExitCode() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, INVALID_KEY, BAD_CONFIGURATION -> USAGE;
            case NOT_FOUND -> NOT_FOUND;
            case UNAUTHENTICATED, FORBIDDEN, NOT_SUPPORTED, NOT_EMPTY, PRECONDITION_FAILED, ALREADY_EXISTS, TOO_LARGE,
                    NO_SPACE ->
                REFUSED;
            case OVERLOADED, NOT_YET_AVAILABLE, STORE_REFUSED, STORE_UNAVAILABLE, TIMEOUT, NODE_UNAVAILABLE ->
                UNAVAILABLE;
            case CORRUPT, INTERNAL -> FAILURE;
        };
    }
}
