package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.ListedEntry;
import io.tiercel.load.MountListing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A listing being drawn from stores to be kept: its entries so far as the bytes of a frame, who draws it, and who waits for
 * it to be whole. Single writer: shard agent; {@link #listing} belongs to the thread of the call under way.
 *
 * <p>Nobody waits: it is drawn as its first reader asks for pages. Somebody does: it is drawn on by itself, to its end or to
 * the limit of what is kept, however slow the first reader is.
 */
final class ListingFill {
    /** Who asked for a listing that another began. */
    record Waiter(ListQuery query, int attempt, Outcome<ListingPage> outcome) {}

    /** Where it is to be kept; null for one that is not. */
    final @Nullable Key key;
    final MountListing listing;
    /** Invalidation epoch at which it began. */
    final long epoch;
    final long limit;
    final Queue<Waiter> waiters = new ArrayDeque<>();
    private @Nullable ListingBytes bytes;
    /** What the bytes have no room for any more, and its first reader has not had yet. */
    private final Queue<ListedEntry> surplus = new ArrayDeque<>();
    private final ListingReader reader = new ListingReader();
    /** A page is on its way. */
    boolean isBusy;
    /** Its folder was changed or invalidated: it is for those alone who asked before. */
    boolean isDetached;
    /** The stores have told all. */
    boolean isWhole;
    /** It is kept no more, since it grew too large or failed. */
    boolean isGivenUp;
    /** Its first reader has gone. */
    boolean isLeft;
    /** A page came for its first reader, who has not been answered since; it may show nothing. */
    boolean hasPage;
    /** Its first reader, while it waits for a page. */
    @Nullable
    Runnable awaiting;
    /** Why the stores tell no more. */
    @Nullable
    TiercelException failure;

    ListingFill(@Nullable Key key, MountListing listing, long epoch, long limit) {
        this.key = key;
        this.listing = listing;
        this.epoch = epoch;
        this.limit = limit;
        this.bytes = key == null ? null : new ListingBytes();
        this.isGivenUp = key == null;
    }

    /** Takes what a store told; answers whether it still fits. */
    boolean take(List<ListedEntry> entries, long mostCapacity) {
        ListingBytes collected = bytes;
        int taken = 0;
        while (!isGivenUp && collected != null && taken < entries.size()) {
            isGivenUp = collected.capacity() > mostCapacity || !collected.tryAdd(entries.get(taken), limit);
            taken += isGivenUp ? 0 : 1;
        }
        surplus.addAll(entries.subList(taken, entries.size()));
        return !isGivenUp;
    }

    /** Whether all that is here was read. */
    boolean isReadUp() {
        return surplus.isEmpty() && (bytes == null || reader.isAtEnd(bytes.view()));
    }

    /** Heap bytes that it takes. */
    long capacity() {
        return bytes == null ? 0 : bytes.capacity();
    }

    /** Entries that are here and that its first reader has not had. */
    List<ListedEntry> read() {
        List<ListedEntry> page = new ArrayList<>();
        int textLength = 0;
        while (page.size() < Listings.PAGE_ENTRIES && textLength < Listings.PAGE_TEXT_LENGTH) {
            ListedEntry entry = bytes == null || reader.isAtEnd(bytes.view())
                    ? surplus.poll()
                    : reader.next(bytes
                            .view());
            if (entry == null) {
                break;
            }
            page.add(entry);
            textLength += entry.textLength();
        }
        return page;
    }

    /** The frame's bytes; null when they were let go. */
    @Nullable
    ListingBytes bytes() {
        return bytes;
    }

    /** Lets go of the bytes if neither a reader nor a frame needs them. */
    void letGo() {
        if (isGivenUp && (isLeft || bytes == null || reader.isAtEnd(bytes.view()))) {
            bytes = null;
        }
    }
}
