package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.Glob;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import org.jspecify.annotations.Nullable;

/**
 * What a listing shows: the entries below a path, so many levels down, all of them or the files that a pattern lets
 * through. Immutable and threadsafe.
 */
public final class ListQuery {
    private final String path;
    private final int depth;
    private final @Nullable Glob glob;
    private final int segments;

    private ListQuery(String path, int depth, @Nullable Glob glob) {
        this.path = path;
        this.depth = depth;
        this.glob = glob;
        this.segments = StorePath.of(path).segmentCount();
    }

    /**
     * The entries of a listing that a caller asked for in words.
     *
     * @param path normalised, empty for the root.
     * @param depth levels of folders between the path and an entry, inclusive.
     * @param pattern of the path below, whole; empty for everything.
     * @throws TiercelException INVALID_ARGUMENT when the depth is negative or the pattern is none.
     */
    public static ListQuery of(String path, int depth, String pattern) {
        if (depth < 0) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "depth=" + depth + " is negative");
        }
        try {
            return new ListQuery(path, depth, pattern.isEmpty() ? null : Glob.of(pattern));
        } catch (IllegalArgumentException | StorageException e) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "glob: " + e.getMessage(), e);
        }
    }

    /** The entries of a folder. */
    public static ListQuery direct(String path) {
        return of(path, 0, "");
    }

    /** Everything below a folder. */
    public static ListQuery recursive(String path) {
        return of(path, Integer.MAX_VALUE, "");
    }

    public String path() {
        return path;
    }

    public int depth() {
        return depth;
    }

    public boolean hasGlob() {
        return glob != null;
    }

    /** The folder that everything shown lies below: the path, or a folder under it that the pattern begins with. */
    public String base() {
        return glob == null ? path : StorePath.of(path).resolve(glob.literalPrefix()).toString();
    }

    /** Levels below {@link #base()} that may hold what is shown; negative when none do. */
    public int depthBelowBase() {
        return glob == null ? depth : Math.min(depth - glob.literalPrefix().segmentCount(), glob.depth());
    }

    /** Whether an entry below the path is shown. */
    public boolean shows(ListedEntry entry) {
        if (depth == Integer.MAX_VALUE && glob == null) {
            return true;
        }
        StorePath whole = StorePath.of(entry.path());
        return whole.segmentCount() - segments - 1 <= depth
                && (glob == null || (!entry.isFolder() && glob.matches(whole.below(segments))));
    }

    @Override
    public String toString() {
        return "'" + path + "' depth=" + depth + (glob == null ? "" : " glob=" + glob);
    }
}
