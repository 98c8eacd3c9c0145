package io.tiercel.cli;

import java.io.Serial;

/** A command line whose parts are legal and make no sense together, or name no file. */
final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
