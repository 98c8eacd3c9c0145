package io.tiercel.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of a node; of those that cover a path the one with the longest prefix answers. Single writer: shard agent;
 * any thread may look things up, and sees the mounts of one moment.
 */
public final class MountTable implements AutoCloseable {
    private final AutoCloseable shared;
    /** No mounts any more, whose stores wait for the end of what they have under way. */
    private final Set<Mount> leaving = new HashSet<>();
    private volatile List<Mount> longestFirst;
    private boolean keepsExpired;

    public MountTable(List<Mount> mounts) {
        this(mounts, () -> {});
    }

    /** @param shared what the stores of the mounts have in common, closed after them. */
    public MountTable(List<Mount> mounts, AutoCloseable shared) {
        this.shared = shared;
        this.longestFirst = sorted(mounts);
        this.keepsExpired = anyKeepsExpired(mounts);
    }

    private static boolean anyKeepsExpired(List<Mount> mounts) {
        return mounts.stream().anyMatch(mount -> mount.policy().freshness().graceMs() > 0);
    }

    private static List<Mount> sorted(List<Mount> mounts) {
        List<Mount> sorted = new ArrayList<>(mounts);
        sorted.sort(Comparator.comparingInt((Mount mount) -> mount.prefix().length()).reversed());
        return List.copyOf(sorted);
    }

    /** Has other mounts answer from now on. Those whose store none of them has are leaving until {@link #left}. */
    public void replace(List<Mount> mounts) {
        List<Mount> before = longestFirst;
        longestFirst = sorted(mounts);
        keepsExpired = anyKeepsExpired(mounts);
        for (Mount mount : before) {
            if (!mount.isCacheOnly() && mounts.stream().noneMatch(mount::hasStoreOf)) {
                leaving.add(mount);
            }
        }
    }

    public boolean isCurrent(Mount mount) {
        return longestFirst.contains(mount);
    }

    /** The mount that has the store of one that may be none any more, under the same prefix; null when there is none. */
    public @Nullable Mount successorOf(Mount mount) {
        for (Mount each : longestFirst) {
            if (each.equals(mount) || (each.prefix().equals(mount.prefix()) && each.hasStoreOf(mount))) {
                return each;
            }
        }
        return null;
    }

    /** A mount that is none any more has nothing under way; true when its store is to be closed, once. */
    public boolean left(Mount mount) {
        return leaving.remove(mount);
    }

    /** The mount that answers for a normalised path, or null when none covers it. */
    public @Nullable Mount mountOf(String path) {
        for (Mount mount : longestFirst) {
            if (mount.covers(path)) {
                return mount;
            }
        }
        return null;
    }

    /** Whether a normalised path is a folder because a mount point lies at or under it; the root always is. */
    public boolean isFolder(String path) {
        return path.isEmpty() || !mountsAtOrUnder(path).isEmpty();
    }

    /** Mounts whose prefix is the path or lies under it, in the order of their prefixes. */
    public List<Mount> mountsAtOrUnder(String path) {
        List<Mount> found = new ArrayList<>();
        for (Mount mount : longestFirst) {
            if (path.isEmpty() || mount.prefix().equals(path) || mount.prefix().startsWith(path + '/')) {
                found.add(mount);
            }
        }
        found.sort(Comparator.comparing(Mount::prefix));
        return found;
    }

    /** All mounts, the longest prefix first. */
    public List<Mount> mounts() {
        return longestFirst;
    }

    /** Whether any mount serves what has expired, for a time. For the shard agent. */
    public boolean keepsExpired() {
        return keepsExpired;
    }

    @Override
    public void close() {
        longestFirst.forEach(Mount::close);
        leaving.forEach(Mount::close);
        CloseHelper.quietClose(shared);
    }
}
