package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
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
 * <p>A path above mounts shows them as folders; a deeper listing descends into those that can list and shows the
 * others bare. What a deeper mount shadows in a shallower store does not appear.
 */
public final class MountListing implements AutoCloseable {
    /** Pages of a store that one call may ask for without finding anything to show. */
    private static final int MOST_PULLS = 4;

    private final MountTable mounts;
    private final ListQuery query;
    private final String base;
    private final int depth;
    private final Set<String> virtualFolders = new LinkedHashSet<>();
    private final Queue<Source> sources = new ArrayDeque<>();
    private Iterator<ListedEntry> page;
    private @Nullable ListedEntry pushedBack;
    private @Nullable Mount mount;
    private @Nullable ListingCursor cursor;

    private boolean hasShown;
    private long ttlMs;

    private record Source(Mount mount, String pathInStore, int depth) {}

    /**
     * Prepares a listing; no store is asked yet.
     *
     * @throws TiercelException NOT_FOUND when no mount covers the path or lies under it, NOT_SUPPORTED when the one
     *     that covers it cannot list.
     */
    public MountListing(MountTable mounts, ListQuery query) {
        this.mounts = mounts;
        this.query = query;
        this.base = query.base();
        this.depth = query.depthBelowBase();
        requireListable(mounts, query.path());
        Mount covering = mounts.mountOf(base);
        if (depth >= 0 && covering != null && covering.can(Capability.LIST)) {
            addSource(covering, covering.pathInStore(base), depth);
        }
        for (Mount below : mounts.mountsAtOrUnder(base)) {
            if (below != covering) {
                addMountBelow(below);
            }
        }
        this.page = virtualFolders.stream().map(ListedEntry::folder).filter(query::shows).toList().iterator();
    }

    /**
     * Looks whether a path can be listed at all.
     *
     * @throws TiercelException as the constructor does.
     */
    public static void requireListable(MountTable mounts, String path) {
        Mount covering = mounts.mountOf(path);
        if (covering != null && !covering.can(Capability.LIST)) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "mount cannot list: mount='" + covering.prefix() + "' store=" + covering.uri());
        }
        if (covering == null && !mounts.isFolder(path)) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no mount covers the path: path=" + path);
        }
    }

    /** The mount whose store the next page asks first; null when it asks none, and does not block. */
    public @Nullable Mount asked() {
        Source next = sources.peek();
        return cursor != null || next == null ? mount : next.mount();
    }

    /** How long it may be kept: as long as the shortest-lived of what it is made of, ms; 0 for ever. */
    public long ttlMs() {
        return ttlMs;
    }

    private void addSource(Mount source, String pathInStore, int depthThere) {
        sources.add(new Source(source, pathInStore, depthThere));
        long ttl = source.policy().freshness().ttlMs();
        ttlMs = ttl > 0 && (ttlMs == 0 || ttl < ttlMs) ? ttl : ttlMs;
    }

    /** Its prefix and the folders on the way to it are shown, and what lies in it, as deep as is asked for. */
    private void addMountBelow(Mount below) {
        int from = base.isEmpty() ? 0 : base.length() + 1;
        String prefix = below.prefix();
        int left = depth;
        for (int slash = prefix.indexOf('/', from); slash >= 0; slash = prefix.indexOf('/', slash + 1)) {
            // Beyond the depth as well: a store must not show what a mount shadows.
            virtualFolders.add(prefix.substring(0, slash));
            left--;
        }
        virtualFolders.add(prefix);
        if (left > 0 && below.can(Capability.LIST)) {
            addSource(below, "", left - 1);
        }
    }

    /**
     * Some entries.
     *
     * @param isLast whether the listing ends here; a page may be empty and not the last, where a pattern lets through
     *     nothing of what the store told so far.
     */
    public record Page(List<ListedEntry> entries, boolean isLast) {}

    /**
     * The next entries, within both bounds but one where there is one; never of two pages of a store.
     *
     * @throws TiercelException when the store fails: what came before is no whole listing.
     */
    public Page nextPage(int maxEntries, int maxTextLength) {
        for (int pulls = 0; pushedBack == null && !page.hasNext(); pulls++) {
            if (pulls == MOST_PULLS) {
                return new Page(List.of(), false);
            }
            if (!advance()) {
                return new Page(List.of(), true);
            }
        }
        List<ListedEntry> entries = new ArrayList<>();
        int textLength = 0;
        while (entries.size() < maxEntries && (pushedBack != null || page.hasNext())) {
            ListedEntry entry = pushedBack == null ? page.next() : pushedBack;
            pushedBack = null;
            textLength += entry.textLength();
            if (textLength > maxTextLength && !entries.isEmpty()) {
                pushedBack = entry;
                break;
            }
            entries.add(entry);
        }
        return new Page(entries, false);
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
                cursor = current.store().list(StorePath.of(source.pathInStore()), ListOptions.DIRECT.depth(source
                        .depth()));
            }
            List<ObjectInfo> infos = nextInfos(cursor);
            hasShown = true;
            if (infos.isEmpty()) {
                closeCursor();
            }
            page = visible(current, infos).iterator();
            return true;
        } catch (RuntimeException e) {
            throw current == null ? e : StoreErrors.translate(current, e);
        }
    }

    private List<ObjectInfo> nextInfos(ListingCursor open) {
        try {
            return open.nextPage();
        } catch (StorageException e) {
            if (!hasShown && !base.equals(query.path()) && e.kind() == StorageException.Kind.INVALID_PATH) {
                // What the pattern takes for a folder is a file: nothing lies below it.
                return List.of();
            }
            throw e;
        }
    }

    private List<ListedEntry> visible(@Nullable Mount source, List<ObjectInfo> infos) {
        List<ListedEntry> entries = new ArrayList<>(infos.size());
        for (ObjectInfo info : infos) {
            String path = source == null ? info.path().toString() : source.keyOf(info.path().toString());
            if (mounts.mountOf(path) == source && !virtualFolders.contains(path)) {
                ListedEntry entry = new ListedEntry(path, info.isFolder(), info.length(), Objects.requireNonNullElse(
                        info.etag(), ""), info.lastModifiedMs());
                if (query.shows(entry)) {
                    entries.add(entry);
                }
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
