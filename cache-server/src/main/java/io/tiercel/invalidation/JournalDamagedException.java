package io.tiercel.invalidation;

import java.io.IOException;
import java.nio.file.Path;

/** A journal that is being used no longer holds what was written to it. */
final class JournalDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    JournalDamagedException(Path file, long offset) {
        super(file + " is damaged at offset=" + offset);
    }
}
