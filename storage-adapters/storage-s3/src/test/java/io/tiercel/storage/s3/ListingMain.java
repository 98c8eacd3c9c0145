package io.tiercel.storage.s3;

import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.util.List;

/** Lists a folder of a store and adds it up, in a JVM whose heap is as small as its caller wants. */
final class ListingMain {
    private ListingMain() {}

    /** Prints how many were listed and counted; takes the store's URI and the folder. */
    public static void main(String[] arguments) {
        StorePath folder = StorePath.of(arguments[1]);
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open(arguments[0])) {
            FolderTotals totals = store.totals(folder);
            System.out.println("listed=" + count(store, folder) + " counted=" + totals.count() + " bytes="
                    + totals.bytes());
        }
    }

    static long count(StorageAdapter store, StorePath folder) {
        long seen = 0;
        try (ListingCursor cursor = store.list(folder, ListOptions.RECURSIVE)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                seen += page.size();
            }
        }
        return seen;
    }
}
