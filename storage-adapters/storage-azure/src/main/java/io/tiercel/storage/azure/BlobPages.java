package io.tiercel.storage.azure;

import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.models.BlobItem;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.flat.KeyPages;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blobs below a folder, in the order of their names. A blob that stands for a folder ({@code a}) is shown where the
 * names in that folder ({@code a/...}) would begin, and only if there are none: names such as {@code a-b} come between the
 * two. Those that wait for their place are prefixes of one another, so no more than a name is long. Not threadsafe.
 */
final class BlobPages implements KeyPages {
    private final Container container;
    private final AzureErrors errors;
    private final BlobNames names;
    private final StorePath folder;
    private final boolean direct;
    private final int pageSize;
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable String marker;
    private boolean begun;
    private boolean ended;

    BlobPages(Container container, AzureErrors errors, BlobNames names, StorePath folder, boolean direct,
            int pageSize) {
        this.container = container;
        this.errors = errors;
        this.names = names;
        this.folder = folder;
        this.direct = direct;
        this.pageSize = pageSize;
    }

    @Override
    public List<ObjectInfo> next() {
        List<ObjectInfo> page = new ArrayList<>();
        while (!ended && page.isEmpty()) {
            List<BlobItem> items = ask();
            items.sort(Comparator.comparing(BlobItem::getName));
            for (BlobItem item : items) {
                show(item, page);
            }
            if (ended) {
                showWaiting("", page);
            }
        }
        return page;
    }

    /** The entries of the next page, whatever they are; none for a container that is missing. */
    List<BlobItem> ask() {
        try (PagedResponse<BlobItem> page = container.page(folder, names.insideOf(folder), direct, pageSize, marker)) {
            marker = page.getContinuationToken();
            ended = marker == null || marker.isEmpty();
            begun = true;
            return new ArrayList<>(page.getValue());
        } catch (StorageException e) {
            if (begun || e.kind() != Kind.NOT_FOUND) {
                throw begun && e.kind() == Kind.NOT_FOUND
                        ? errors.of(Kind.UNAVAILABLE, folder, "the container went while it was listed")
                        : e;
            }
            ended = true;
            return new ArrayList<>();
        } catch (IOException e) {
            throw errors.of(folder, e);
        }
    }

    boolean isEnded() {
        return ended;
    }

    private void show(BlobItem item, List<ObjectInfo> page) {
        String name = item.getName();
        showWaiting(name, page);
        StorePath path = names.pathOf(name);
        if (path == null) {
            return;
        }
        if (name.endsWith("/")) {
            page.add(ObjectInfo.folder(path).build());
        } else if (BlobMetadata.isFolder(item.getMetadata())) {
            waiting.push(name);
        } else {
            page.add(BlobInfo.of(path, item));
        }
    }

    /** Shows the folders that stand before a name, and drops those that the name itself shows; all at the end. */
    private void showWaiting(String next, List<ObjectInfo> page) {
        while (!waiting.isEmpty()) {
            String inside = waiting.element() + "/";
            if (!next.isEmpty() && !next.startsWith(inside) && next.compareTo(inside) < 0) {
                return;
            }
            StorePath path = names.pathOf(waiting.pop());
            if (path != null && (next.isEmpty() || !next.startsWith(inside))) {
                page.add(ObjectInfo.folder(path).build());
            }
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
