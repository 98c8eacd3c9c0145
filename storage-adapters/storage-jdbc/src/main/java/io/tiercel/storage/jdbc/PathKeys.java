package io.tiercel.storage.jdbc;

import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.nio.charset.StandardCharsets;

/** Paths as the table can hold them. Stateless. */
final class PathKeys {
    /** What an entry of PostgreSQL's index holds is somewhat more. */
    static final int MOST_BYTES = 2048;

    private PathKeys() {}

    /**
     * The path's text. One that UTF-8 cannot spell is refused, since a driver would make another of it.
     *
     * @throws io.tiercel.storage.StorageException with INVALID_PATH.
     */
    static String of(StorePath path, SqlErrors errors) {
        String text = path.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw errors.of(Kind.INVALID_PATH, path, "it holds half a character");
        }
        return text;
    }

    /** As {@link #of}; one that is too long is refused as well. */
    static String toWrite(StorePath path, SqlErrors errors) {
        String text = of(path, errors);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > MOST_BYTES) {
            throw errors.of(Kind.INVALID_PATH, path, "it has " + length + " bytes, more than " + MOST_BYTES);
        }
        return text;
    }
}
