package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.ListedEntry;
import io.tiercel.load.Mount;
import io.tiercel.load.MountListing;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Open cursors of listings: each pulls a page when its client asks for one. Single writer: shard agent. */
final class Listings {
    /** Bounds of a page: it travels as one message. */
    static final int PAGE_ENTRIES = 500;
    static final int PAGE_TEXT_LENGTH = 256 * 1024;

    /** Cursors that may be open at a time: each holds a page of a store and perhaps a connection. */
    static final int MAX_CURSORS = 256;

    private final MountTable mounts;
    private final StoreCalls calls;
    private final Map<Long, Cursor> cursors = new HashMap<>();
    private long lastCursorId;

    private static final class Cursor {
        final MountListing listing;
        boolean isBusy;
        boolean isClosed;

        Cursor(MountListing listing) {
            this.listing = listing;
        }
    }

    Listings(MountTable mounts, StoreCalls calls) {
        this.mounts = mounts;
        this.calls = calls;
    }

    void open(String path, boolean isRecursive, Outcome<ListingPage> outcome) {
        if (cursors.size() >= MAX_CURSORS) {
            outcome.onFailure(ErrorCode.OVERLOADED, "too many listings are open: limit=" + MAX_CURSORS, 1000);
            return;
        }
        try {
            long cursorId = ++lastCursorId;
            cursors.put(cursorId, new Cursor(new MountListing(mounts, path, isRecursive)));
            nextPage(cursorId, outcome);
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }

    void nextPage(long cursorId, Outcome<ListingPage> outcome) {
        Cursor cursor = cursors.get(cursorId);
        if (cursor == null || cursor.isBusy) {
            outcome.onFailure(ErrorCode.INVALID_ARGUMENT, "no such listing, or a page of it is on its way: cursorId="
                    + cursorId, 0);
            return;
        }
        Mount mount = cursor.listing.asked();
        if (mount == null) {
            onPage(cursorId, cursor, cursor.listing.nextPage(PAGE_ENTRIES, PAGE_TEXT_LENGTH), null, outcome);
            return;
        }
        cursor.isBusy = true;
        boolean accepted = calls.acquire(mount, () -> calls.askOnce(mount, "list", mount.policy().protection()
                .timeoutMs(), () -> cursor.listing.nextPage(PAGE_ENTRIES, PAGE_TEXT_LENGTH), (entries, failure) -> {
                    calls.release(mount);
                    cursor.isBusy = false;
                    onPage(cursorId, cursor, entries, failure, outcome);
                }));
        if (!accepted) {
            cursor.isBusy = false;
            outcome.onFailure(ErrorCode.OVERLOADED, "too many store calls wait already: raise load.queue", 1000);
        }
    }

    private void onPage(long cursorId, Cursor cursor, List<ListedEntry> entries,
            @Nullable Throwable failure, Outcome<ListingPage> outcome) {
        if (failure != null) {
            close(cursorId);
            if (failure instanceof TiercelException e) {
                outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
            } else {
                outcome.onFailure(ErrorCode.INTERNAL, "listing failed: " + failure, 0);
            }
            return;
        }
        boolean isLast = entries.isEmpty();
        if (isLast) {
            close(cursorId);
        } else if (cursor.isClosed) {
            closeListing(cursor);
        }
        outcome.onDone(new ListingPage(cursorId, entries, isLast));
    }

    /** Stops a listing; closing one that is not open does nothing. */
    void close(long cursorId) {
        Cursor cursor = cursors.remove(cursorId);
        if (cursor == null) {
            return;
        }
        cursor.isClosed = true;
        if (!cursor.isBusy) {
            closeListing(cursor);
        }
    }

    private void closeListing(Cursor cursor) {
        calls.run("list-close", () -> {
            cursor.listing.close();
            return cursor;
        }, (closed, failure) -> {});
    }
}
