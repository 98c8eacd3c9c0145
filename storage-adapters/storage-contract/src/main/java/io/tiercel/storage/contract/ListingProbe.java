package io.tiercel.storage.contract;

import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.util.List;

/** Lists a folder of a store and adds it up, in a process with a small heap. */
public final class ListingProbe {
    private ListingProbe() {}

    /**
     * What a process with 64 MiB of heap says of a folder: {@code listed=N counted=N bytes=N}, or how it failed.
     *
     * @param uri of a store that a provider on the class path opens.
     */
    public static String run(String uri, String folder) throws IOException {
        return SmallHeap.run(ListingProbe.class, uri, folder);
    }

    /** Takes the URI of the store and the folder. */
    public static void main(String[] arguments) {
        StorePath folder = StorePath.of(arguments[1]);
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open(arguments[0])) {
            FolderTotals totals = store.totals(folder);
            System.out.println("listed=" + count(store, folder) + " counted=" + totals.count() + " bytes="
                    + totals.bytes());
        }
    }

    /** Entries of a folder, at any depth. */
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
