package io.tiercel.storage.memory;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A walk through the nodes in their order, which remembers nothing but where to go on: it holds no lock, no snapshot and
 * no node, and steps over a folder that is too deep without looking into it. Not threadsafe.
 */
final class MemoryListing implements ListingCursor {
    private final MemoryStorage store;
    private final StorageGuard guard;
    private final StorePath folder;
    private final ListOptions options;
    private final String inside;
    private final int firstDepth;
    private String from;
    private boolean begun;
    private boolean ended;
    private boolean closed;

    MemoryListing(MemoryStorage store, StorageGuard guard, StorePath folder, ListOptions options) {
        this.store = store;
        this.guard = guard;
        this.folder = folder;
        this.options = options;
        this.inside = PathOrder.insideOf(folder.toString());
        this.firstDepth = folder.segmentCount() + 1;
        this.from = inside;
    }

    @Override
    public List<ObjectInfo> nextPage() {
        if (closed) {
            throw new IllegalStateException("listing of '" + folder + "' was closed");
        }
        guard.requireOpen(folder);
        if (!begun) {
            store.requireNoFile(folder);
            begun = true;
        }
        List<ObjectInfo> page = new ArrayList<>();
        while (!ended && page.size() < options.pageSize()) {
            Map.Entry<String, Node> entry = store.nodes().ceilingEntry(from);
            if (entry == null || !entry.getKey().startsWith(inside)) {
                ended = true;
            } else {
                Node node = entry.getValue();
                page.add(node.info());
                from = descends(node) ? PathOrder.insideOf(entry.getKey()) : PathOrder.behind(entry.getKey());
            }
        }
        return page;
    }

    private boolean descends(Node node) {
        return node.isFolder() && node.info().path().segmentCount() - firstDepth < options.depth();
    }

    @Override
    public void close() {
        closed = true;
    }
}
