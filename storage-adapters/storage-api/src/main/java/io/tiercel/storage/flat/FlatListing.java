package io.tiercel.storage.flat;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A listing with folders, made of the sorted objects of a store that has none: a folder is shown before the first object
 * below it. It remembers the last folder alone, however many it has passed; a page of the store and one of its own is what it
 * holds. Not threadsafe.
 */
public final class FlatListing implements ListingCursor {
    private final StorageGuard guard;
    private final StorePath folder;
    private final ListOptions options;
    private final KeyPages pages;
    private final Runnable whenEmpty;
    private final Queue<ObjectInfo> objects = new ArrayDeque<>();
    private final Queue<ObjectInfo> entries = new ArrayDeque<>();
    /** Most segments of the folder that an entry stands in. */
    private final int deepest;
    private StorePath lastFolder;
    private boolean begun;
    private boolean ended;
    private boolean closed;
    private @Nullable StorageException failure;

    /**
     * @param pages of the objects below the folder; closed with the listing.
     * @param whenEmpty called once when there is nothing below, to refuse a folder that is a file.
     */
    public FlatListing(StorageGuard guard, StorePath folder, ListOptions options, KeyPages pages, Runnable whenEmpty) {
        this.guard = guard;
        this.folder = folder;
        this.options = options;
        this.pages = pages;
        this.whenEmpty = whenEmpty;
        this.deepest = (int) Math.min(Integer.MAX_VALUE, (long) folder.segmentCount() + options.depth());
        this.lastFolder = folder;
    }

    @Override
    public List<ObjectInfo> nextPage() {
        if (closed) {
            throw new IllegalStateException("listing of '" + folder + "' was closed");
        }
        guard.requireOpen(folder);
        if (failure != null) {
            throw failure;
        }
        try {
            return draw();
        } catch (StorageException e) {
            failure = e;
            throw e;
        }
    }

    private List<ObjectInfo> draw() {
        List<ObjectInfo> page = new ArrayList<>();
        while (page.size() < options.pageSize() && fill()) {
            page.add(entries.remove());
        }
        return page;
    }

    /** Whether there is a next entry; asks the store as often as it takes to find one. */
    private boolean fill() {
        while (entries.isEmpty()) {
            ObjectInfo object = objects.poll();
            if (object != null) {
                show(object);
            } else if (ended) {
                return false;
            } else {
                ask();
            }
        }
        return true;
    }

    private void ask() {
        List<ObjectInfo> page = pages.next();
        objects.addAll(page);
        ended = page.isEmpty();
        if (ended && !begun) {
            whenEmpty.run();
        }
        begun = true;
    }

    private void show(ObjectInfo object) {
        StorePath path = object.path();
        StorePath parent = path.parent();
        if (parent == null) {
            return;
        }
        StorePath inside = object.isFolder() ? path : parent;
        if (!inside.equals(lastFolder)) {
            showFolders(inside);
            lastFolder = inside;
        }
        if (object.isFile() && parent.segmentCount() <= deepest) {
            entries.add(object);
        }
    }

    /** The folders on the way to one, as far as they were not on the way to the one before. */
    private void showFolders(StorePath inside) {
        int most = inside.segmentCount();
        int shown = Math.max(folder.segmentCount(), commonSegments(inside, lastFolder));
        for (int count = shown + 1; count <= most && count - 1 <= deepest; count++) {
            entries.add(ObjectInfo.folder(inside.first(count)).build());
        }
    }

    private static int commonSegments(StorePath one, StorePath other) {
        int count = Math.min(one.segmentCount(), other.segmentCount());
        while (count > 0 && !one.first(count).equals(other.first(count))) {
            count--;
        }
        return count;
    }

    @Override
    public void close() {
        closed = true;
        pages.close();
    }
}
