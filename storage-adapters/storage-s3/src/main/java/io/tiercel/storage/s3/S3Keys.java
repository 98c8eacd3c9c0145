package io.tiercel.storage.s3;

import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keys of a bucket for the paths of a store, and back. Immutable and threadsafe. */
final class S3Keys {
    /** Bytes of the longest key that S3 takes. */
    static final int MAX_LENGTH = 1024;

    private final S3Errors errors;
    private final String bucket;
    private final StorePath prefix;
    private final int prefixLength;

    S3Keys(S3Errors errors, String bucket, StorePath prefix) {
        this.errors = errors;
        this.bucket = bucket;
        this.prefix = prefix;
        this.prefixLength = prefix.isRoot() ? 0 : prefix.toString().length() + 1;
    }

    String bucket() {
        return bucket;
    }

    /** Of a file. INVALID_PATH when no key can be that long. */
    String keyOf(StorePath path) {
        String key = prefix.resolve(path).toString();
        if (key.length() > MAX_LENGTH / 3 && key.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
            throw errors.of(Kind.INVALID_PATH, path, "its key is longer than " + MAX_LENGTH + " bytes");
        }
        return key;
    }

    /** What all keys below a folder begin with. */
    String prefixOf(StorePath folder) {
        StorePath whole = prefix.resolve(folder);
        return whole.isRoot() ? "" : whole + "/";
    }

    /** The path of a key below the root; null when no path spells it. A slash at its end is that of a folder. */
    @Nullable
    StorePath pathOf(String key) {
        int end = isFolder(key) ? key.length() - 1 : key.length();
        if (!isNormal(key, prefixLength, end)) {
            return null;
        }
        return StorePath.of(key.substring(prefixLength, end));
    }

    static boolean isFolder(String key) {
        return key.endsWith("/");
    }

    private static boolean isNormal(String key, int from, int end) {
        int begin = from;
        for (int i = from; i <= end; i++) {
            char c = i == end ? '/' : key.charAt(i);
            if (c == '\\' || c == '\0') {
                return false;
            }
            if (c == '/') {
                int length = i - begin;
                boolean dots = length <= 2 && key.startsWith("..".substring(0, Math.min(2, length)), begin);
                if (length <= 0 || dots) {
                    return false;
                }
                begin = i + 1;
            }
        }
        return end > from;
    }
}
