package io.tiercel.client;

/**
 * What lies below a folder, at any depth: a fold over its listing, so it is as live as that. Immutable and threadsafe.
 *
 * @param count files; folders are not counted.
 * @param bytes sum of their lengths, as far as the store tells them.
 * @param newestMs ms since 1970 of the last change of any of them, 0 where there is none or the store does not say.
 */
public record Totals(long count, long bytes, long newestMs) {
    private static final Totals NONE = new Totals(0, 0, 0);

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
