package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listing of a path that may lie under a mount, or above some: a pull cursor that holds one page of a store and
 * nothing of what was or will be. Blocks in {@link #nextPage(int, int)}; one thread at a time.
 *
 * <p>A path above mounts shows them as folders; a recursive listing descends into those that can list and shows the
 * others bare. What a deeper mount shadows in a shallower store does not appear.
 */
public final class MountListing implements AutoCloseable {
    private final MountTable mounts;
    private final boolean isRecursive;
    private final Set<String> virtualFolders = new LinkedHashSet<>();
    private final Queue<Source> sources = new ArrayDeque<>();
    private Iterator<ListedEntry> page;
    private @Nullable ListedEntry pushedBack;
    private @Nullable Mount mount;
    private @Nullable ListingCursor cursor;

    private record Source(Mount mount, String pathInStore) {}

    /**
     * Prepares a listing; no store is asked yet.
     *
     * @param path normalised, empty for the root.
     * @throws TiercelException NOT_FOUND when no mount covers the path or lies under it, NOT_SUPPORTED when the one
     *     that covers it cannot list.
     */
    public MountListing(MountTable mounts, String path, boolean isRecursive) {
        this.mounts = mounts;
        this.isRecursive = isRecursive;
        Mount covering = mounts.mountOf(path);
        if (covering != null && !covering.can(Capability.LIST)) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "mount cannot list: mount='" + covering.prefix() + "' store=" + covering.uri());
        }
        if (covering == null && !mounts.isFolder(path)) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no mount covers the path: path=" + path);
        }
        if (covering != null) {
            sources.add(new Source(covering, covering.pathInStore(path)));
        }
        for (Mount below : mounts.mountsAtOrUnder(path)) {
            if (below != covering) {
                addMountBelow(path, below);
            }
        }
        this.page = virtualFolders.stream().map(ListedEntry::folder).toList().iterator();
    }

    /** The mount whose store the next page asks first; null when it asks none, and does not block. */
    public @Nullable Mount asked() {
        Source next = sources.peek();
        return cursor != null || next == null ? mount : next.mount();
    }

    private void addMountBelow(String path, Mount below) {
        int from = path.isEmpty() ? 0 : path.length() + 1;
        String prefix = below.prefix();
        int slash = prefix.indexOf('/', from);
        while (slash >= 0) {
            virtualFolders.add(prefix.substring(0, slash));
            if (!isRecursive) {
                return;
            }
            slash = prefix.indexOf('/', slash + 1);
        }
        virtualFolders.add(prefix);
        if (isRecursive && below.can(Capability.LIST)) {
            sources.add(new Source(below, ""));
        }
    }

    /**
     * The next entries, within both bounds but at least one; empty when there are no more.
     *
     * @throws TiercelException when the store fails: what came before is no whole listing.
     */
    public List<ListedEntry> nextPage(int maxEntries, int maxTextLength) {
        List<ListedEntry> entries = new ArrayList<>();
        int textLength = 0;
        while (entries.size() < maxEntries) {
            ListedEntry entry = next();
            if (entry == null) {
                break;
            }
            textLength += entry.textLength();
            if (textLength > maxTextLength && !entries.isEmpty()) {
                pushedBack = entry;
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    private @Nullable ListedEntry next() {
        ListedEntry held = pushedBack;
        if (held != null) {
            pushedBack = null;
            return held;
        }
        while (!page.hasNext()) {
            if (!advance()) {
                return null;
            }
        }
        return page.next();
    }

    /** Pulls one more page of a store; false when all sources are dry. */
    private boolean advance() {
        Mount current = mount;
        try {
            if (cursor == null) {
                Source source = sources.poll();
                if (source == null) {
                    return false;
                }
                current = source.mount();
                mount = current;
                cursor = current.store().list(StorePath.of(source.pathInStore()), options());
            }
            List<ObjectInfo> infos = cursor.nextPage();
            if (infos.isEmpty()) {
                closeCursor();
            }
            page = visible(current, infos).iterator();
            return true;
        } catch (RuntimeException e) {
            throw current == null ? e : StoreErrors.translate(current, e);
        }
    }

    private ListOptions options() {
        return isRecursive ? ListOptions.RECURSIVE : ListOptions.DIRECT;
    }

    private List<ListedEntry> visible(@Nullable Mount source, List<ObjectInfo> infos) {
        List<ListedEntry> entries = new ArrayList<>(infos.size());
        for (ObjectInfo info : infos) {
            String path = source == null ? info.path().toString() : source.keyOf(info.path().toString());
            if (mounts.mountOf(path) == source && !virtualFolders.contains(path)) {
                entries.add(new ListedEntry(path, info.isFolder(), info.length(), Objects.requireNonNullElse(info
                        .etag(), ""), info.lastModifiedMs()));
            }
        }
        return entries;
    }

    private void closeCursor() {
        ListingCursor open = cursor;
        cursor = null;
        if (open != null) {
            open.close();
        }
    }

    /** Stops asking the store. */
    @Override
    public void close() {
        sources.clear();
        closeCursor();
    }
}
