package io.tiercel.shard;

import io.tiercel.load.ListedEntry;
import java.util.List;

/**
 * A part of a listing; it may be empty and not the last.
 *
 * @param cursorId names the cursor to {@link Shard#nextPage}; of no use after the last page.
 * @param isLast whether the listing ends here.
 * @param served what answers the listing: LOADED while it is being kept for others.
 */
public record ListingPage(long cursorId, List<ListedEntry> entries, boolean isLast, Served served) {}
