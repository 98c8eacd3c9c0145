package io.tiercel.segment;

import java.io.IOException;
import java.io.Serial;

/** The disk, or a quota on it, has no room for what was to be reserved. Nothing was written. */
public final class NoSpaceException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }
}
