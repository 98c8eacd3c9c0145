package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;

/**
 * What lies below a folder, at any depth: a fold over its listing, so it is as live as that. Immutable and threadsafe.
 *
 * @param count files; folders are not counted.
 * @param bytes sum of their lengths, as far as the store tells them.
 * @param newestMs ms since 1970 of the last change of any of them, 0 where there is none or the store does not say.
 */
public record Totals(long count, long bytes, long newestMs) {
    private static final Totals NONE = new Totals(0, 0, 0);

    /** Of a folder, at the cost of a listing and, where that is empty, a look at the folder itself. */
    static Totals under(TiercelClient client, String folder) {
        boolean isEmpty;
        Totals totals;
        try (Listing listing = client.list(folder, ListOptions.RECURSIVE)) {
            isEmpty = !listing.hasNext();
            totals = of(listing);
        }
        // A missing folder lists as an empty one: only a look at itself tells them apart.
        if (isEmpty && !ListCall.isRoot(folder) && !client.exists(Key.of(folder))) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no such folder: " + folder);
        }
        return totals;
    }

    /** Of the rest of a listing. */
    static Totals of(Listing listing) {
        Totals totals = NONE;
        while (listing.hasNext()) {
            totals = totals.plus(listing.next());
        }
        return totals;
    }

    private Totals plus(ListEntry entry) {
        return entry.kind() == EntryKind.FOLDER
                ? this
                : new Totals(count + 1, bytes + Math.max(0, entry.length()), Math.max(newestMs, entry
                        .lastModifiedMs()));
    }
}
