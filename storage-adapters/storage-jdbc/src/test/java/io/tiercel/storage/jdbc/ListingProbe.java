package io.tiercel.storage.jdbc;

import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import java.net.URI;
import java.util.List;

/** Lists a folder and adds it up, in a process of its own with a small heap; prints both counts. */
final class ListingProbe {
    private ListingProbe() {}

    /** Takes the URI of the store and the folder. */
    public static void main(String[] args) {
        StorePath folder = StorePath.of(args[1]);
        try (SharedClients clients = new SharedClients(0);
                StorageAdapter store = new JdbcStorageProvider().open(URI.create(args[0]), clients)) {
            long listed = 0;
            try (ListingCursor cursor = store.list(folder, ListOptions.RECURSIVE)) {
                for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                    listed += page.size();
                }
            }
            FolderTotals totals = store.totals(folder);
            System.out.println(listed + " listed, " + totals.count() + " counted");
        }
    }
}
