package io.tiercel.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** The mounts of a node; of those that cover a path the one with the longest prefix answers. Immutable. */
public final class MountTable implements AutoCloseable {
    private final List<Mount> longestFirst;
    private final AutoCloseable shared;

    public MountTable(List<Mount> mounts) {
        this(mounts, () -> {});
    }

    /** @param shared what the stores of the mounts have in common, closed after them. */
    public MountTable(List<Mount> mounts, AutoCloseable shared) {
        this.shared = shared;
        List<Mount> sorted = new ArrayList<>(mounts);
        sorted.sort(Comparator.comparingInt((Mount mount) -> mount.prefix().length()).reversed());
        this.longestFirst = List.copyOf(sorted);
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

    @Override
    public void close() {
        longestFirst.forEach(Mount::close);
        CloseHelper.quietClose(shared);
    }
}
