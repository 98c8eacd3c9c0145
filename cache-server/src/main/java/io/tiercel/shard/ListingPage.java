package io.tiercel.shard;

import io.tiercel.load.ListedEntry;
import java.util.List;

/**
 * A part of a listing.
 *
 * @param cursorId names the cursor to {@link Shard#nextPage}; of no use after the last page.
 * @param isLast whether the listing ends here.
 */
public record ListingPage(long cursorId, List<ListedEntry> entries, boolean isLast) {}
