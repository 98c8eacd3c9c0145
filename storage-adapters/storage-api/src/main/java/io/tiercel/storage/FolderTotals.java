package io.tiercel.storage;

import java.util.List;

/**
 * What lies below a folder, at any depth: a fold over a listing, so it is as live as that. Immutable and threadsafe.
 *
 * @param count files; folders are not counted.
 * @param bytes sum of the lengths that the store tells.
 * @param newestMs milliseconds since 1970 of the last change of any file, 0 where there is none or the store does not say.
 */
public record FolderTotals(long count, long bytes, long newestMs) {
    static FolderTotals of(StorageAdapter store, StorePath folder) {
        long entries = 0;
        long count = 0;
        long bytes = 0;
        long newestMs = 0;
        try (ListingCursor cursor = store.list(folder, ListOptions.RECURSIVE)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                entries += page.size();
                for (ObjectInfo entry : page) {
                    if (entry.isFile()) {
                        count++;
                        bytes += Math.max(0, entry.length());
                        newestMs = Math.max(newestMs, entry.lastModifiedMs());
                    }
                }
            }
        }
        if (entries == 0 && !folder.isRoot()) {
            // A missing folder lists as an empty one: only the look at itself tells them apart.
            store.info(folder);
        }
        return new FolderTotals(count, bytes, newestMs);
    }
}
