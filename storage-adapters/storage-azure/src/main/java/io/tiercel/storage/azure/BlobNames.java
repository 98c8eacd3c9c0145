package io.tiercel.storage.azure;

import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which blob a path is, and which path a blob has. Immutable and threadsafe. */
final class BlobNames {
    private static final int MAX_LENGTH = 1024;
    private static final String UNRESERVED = "-._~/";

    private final AzureErrors errors;
    private final StorePath prefix;
    private final int skipped;

    BlobNames(AzureErrors errors, StorePath prefix) {
        this.errors = errors;
        this.prefix = prefix;
        this.skipped = prefix.isRoot() ? 0 : prefix.toString().length() + 1;
    }

    /** INVALID_PATH when no name can be that long. */
    String nameOf(StorePath path) {
        String name = prefix.resolve(path).toString();
        if (name.length() > MAX_LENGTH) {
            throw errors.of(Kind.INVALID_PATH, path, "its name is longer than " + MAX_LENGTH + " characters");
        }
        return name;
    }

    /** What the names below a folder begin with. */
    String insideOf(StorePath folder) {
        StorePath whole = prefix.resolve(folder);
        return whole.isRoot() ? "" : whole + "/";
    }

    /** The path of a blob, or of the folder when its name ends with a slash; null when no path spells it. */
    @Nullable
    StorePath pathOf(String name) {
        int end = name.endsWith("/") ? name.length() - 1 : name.length();
        if (end <= skipped || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            return null;
        }
        String inside = name.substring(skipped, end);
        for (String segment : inside.split("/", -1)) {
            if (!StorePath.isSegment(segment)) {
                return null;
            }
        }
        return StorePath.of(inside);
    }

    /** As a URL has it; slashes stay. */
    static String escape(String name) {
        StringBuilder out = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            if (letter || UNRESERVED.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b));
            }
        }
        return out.toString();
    }
}
