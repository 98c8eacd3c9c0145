package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageException.Kind;
import java.io.IOException;
import java.io.Serial;

/** Why there is no connection, in words that may be shown. Immutable and threadsafe. */
final class SftpRefusal extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    SftpRefusal(Kind kind, String words) {
        super(words);
        this.kind = kind;
    }

    SftpRefusal(Kind kind, String words, Throwable cause) {
        super(words, cause);
        this.kind = kind;
    }

    /** The same for another who waited for the same connection. */
    SftpRefusal again() {
        return new SftpRefusal(kind, words(), this);
    }

    Kind kind() {
        return kind;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
