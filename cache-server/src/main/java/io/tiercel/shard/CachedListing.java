package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.load.ListQuery;
import io.tiercel.load.ListedEntry;
import io.tiercel.tier.Pinned;
import java.util.ArrayList;
import java.util.List;

/** A listing read from its frame, which it keeps pinned until its reader has gone. Single writer: shard agent. */
final class CachedListing {
    /** Entries that are looked at for one page, so that a pattern that lets little through holds up nobody. */
    private static final int MOST_LOOKS = 2_000;

    final Key key;
    final Pinned frame;
    final Served served;
    private final ListQuery query;
    private final ListingReader reader = new ListingReader();

    CachedListing(Key key, Pinned frame, Served served, ListQuery query) {
        this.key = key;
        this.frame = frame;
        this.served = served;
        this.query = query;
    }

    /** The next entries that the query shows, maybe none. */
    List<ListedEntry> read() {
        List<ListedEntry> page = new ArrayList<>();
        int textLength = 0;
        for (int looks = 0; looks < MOST_LOOKS && !isReadUp() && page.size() < Listings.PAGE_ENTRIES
                && textLength < Listings.PAGE_TEXT_LENGTH; looks++) {
            ListedEntry entry = reader.next(frame.payload());
            if (query.shows(entry)) {
                page.add(entry);
                textLength += entry.textLength();
            }
        }
        return page;
    }

    boolean isReadUp() {
        return reader.isAtEnd(frame.payload());
    }
}
