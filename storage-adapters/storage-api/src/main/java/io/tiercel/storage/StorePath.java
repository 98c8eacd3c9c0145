package io.tiercel.storage;

import org.jspecify.annotations.Nullable;

/**
 * Where something lies in a store: a normalised path, its segments parted by {@code /}; the root is the empty one.
 *
 * <p>{@code \} is {@code /}; outer slashes, {@code //} and {@code .} segments collapse; NUL and a {@code ..} segment are
 * refused ({@code a..b} is legal). Two spellings of one path are equal. Immutable and threadsafe.
 */
public final class StorePath {
    /** The folder that always exists. */
    public static final StorePath ROOT = new StorePath("");

    private final String path;

    private StorePath(String path) {
        this.path = path;
    }

    /**
     * The path that a text spells.
     *
     * @throws StorageException with INVALID_PATH, saying why.
     */
    public static StorePath of(String spelled) {
        if (spelled.indexOf('\0') >= 0) {
            throw invalid(spelled, "the path holds NUL");
        }
        StringBuilder normal = new StringBuilder(spelled.length());
        int from = 0;
        while (from <= spelled.length()) {
            int to = segmentEnd(spelled, from);
            if (equalsRange(spelled, from, to, "..")) {
                throw invalid(spelled, "the path steps out with '..'");
            }
            if (to > from && !equalsRange(spelled, from, to, ".")) {
                if (!normal.isEmpty()) {
                    normal.append('/');
                }
                normal.append(spelled, from, to);
            }
            from = to + 1;
        }
        return normal.isEmpty() ? ROOT : new StorePath(normal.toString());
    }

    /** Whether a name can be a segment as it stands: another spelling of none and of no other. */
    public static boolean isSegment(String name) {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0
                && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
    }

    /** Whether this is the root: the one predicate for it. Only folder operations take the root. */
    public boolean isRoot() {
        return path.isEmpty();
    }

    /** Number of segments, 0 for the root. */
    public int segmentCount() {
        if (isRoot()) {
            return 0;
        }
        int count = 1;
        for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
            count++;
        }
        return count;
    }

    /** The last segment, empty for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The first segment, empty for the root. */
    public String firstSegment() {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    /** The folder that holds this; null for the root. */
    public @Nullable StorePath parent() {
        if (isRoot()) {
            return null;
        }
        int slash = path.lastIndexOf('/');
        return slash < 0 ? ROOT : new StorePath(path.substring(0, slash));
    }

    /**
     * The path one segment below.
     *
     * @throws StorageException with INVALID_PATH when {@code name} is no segment.
     */
    public StorePath child(String name) {
        if (!isSegment(name)) {
            throw invalid(name, "this is no single segment");
        }
        return new StorePath(isRoot() ? name : path + '/' + name);
    }

    /** The path that {@code below} is when it is counted from here. */
    public StorePath resolve(StorePath below) {
        if (below.isRoot()) {
            return this;
        }
        return isRoot() ? below : new StorePath(path + '/' + below.path);
    }

    /** The folder (or the path itself) that the first so many segments are; the path where it has no more. */
    public StorePath first(int count) {
        int to = -1;
        for (int i = 0; i < count; i++) {
            to = path.indexOf('/', to + 1);
            if (to < 0) {
                return this;
            }
        }
        return count == 0 ? ROOT : new StorePath(path.substring(0, to));
    }

    /**
     * This path as it is counted from the folder of its first segments.
     *
     * @param skipped how many of them, at most all there are.
     */
    public StorePath below(int skipped) {
        int from = 0;
        for (int i = 0; i < skipped; i++) {
            int slash = path.indexOf('/', from);
            from = slash < 0 ? path.length() : slash + 1;
        }
        return from == path.length() ? ROOT : new StorePath(path.substring(from));
    }

    /** Whether this is {@code folder} or lies under it, by whole segments. */
    public boolean isCoveredBy(StorePath folder) {
        int length = folder.path.length();
        return folder.isRoot()
                || (path.startsWith(folder.path) && (path.length() == length || path.charAt(length) == '/'));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StorePath that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    /** The normalised path without outer slashes, empty for the root. */
    @Override
    public String toString() {
        return path;
    }

    private static int segmentEnd(String text, int from) {
        int to = from;
        while (to < text.length() && text.charAt(to) != '/' && text.charAt(to) != '\\') {
            to++;
        }
        return to;
    }

    private static boolean equalsRange(String text, int from, int to, String segment) {
        return to - from == segment.length() && text.startsWith(segment, from);
    }

    private static StorageException invalid(String spelled, String why) {
        return StorageException.of(StorageException.Kind.INVALID_PATH).path(spelled).because(why).build();
    }
}
