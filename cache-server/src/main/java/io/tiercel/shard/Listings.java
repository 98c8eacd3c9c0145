package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.ListedEntry;
import io.tiercel.load.Mount;
import io.tiercel.load.MountListing;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import io.tiercel.tier.Clock;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Open cursors of listings: each has a page when its client asks for one, from a frame, or from a listing that is drawn from
 * stores. Single writer: shard agent.
 */
final class Listings {
    /** Bounds of a page: it travels as one message. */
    static final int PAGE_ENTRIES = 500;
    static final int PAGE_TEXT_LENGTH = 256 * 1024;

    /** Cursors that may be open at a time: each holds a page of a store and perhaps a connection. */
    static final int MAX_CURSORS = 256;

    /** Times that a listing begins anew because a change overtook the one that it waited for; then it is drawn alone. */
    static final int ALONE = 4;

    /** Time after which a cursor that nobody asks is closed: it holds a frame, or a connection to a store. */
    private static final long IDLE_LIMIT_NS = TimeUnit.MINUTES.toNanos(5);

    private final TieredStore tiers;
    private final MountTable mounts;
    private final Clock clock;
    private final ListingFills fills;
    private final Map<Long, Cursor> cursors = new HashMap<>();
    private final FrameView view = new FrameView();
    private long lastCursorId;

    /** One of the two is there. */
    private static final class Cursor {
        final @Nullable CachedListing cached;
        final @Nullable ListingFill fill;
        boolean isBusy;
        long usedNs;

        Cursor(@Nullable CachedListing cached, @Nullable ListingFill fill) {
            this.cached = cached;
            this.fill = fill;
        }
    }

    Listings(TieredStore tiers, MountTable mounts, StoreCalls calls, Clock clock) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.clock = clock;
        this.fills = new ListingFills(tiers, mounts, calls, this::open);
    }

    ListingFills fills() {
        return fills;
    }

    void open(ListQuery query, Outcome<ListingPage> outcome) {
        open(new ListingFill.Waiter(query, 0, outcome));
    }

    private void open(ListingFill.Waiter asking) {
        try {
            MountListing.requireListable(mounts, asking.query().path());
            CachedListing cached = cached(asking);
            if (cached != null) {
                first(new Cursor(cached, null), asking.outcome());
            } else {
                draw(asking);
            }
        } catch (TiercelException e) {
            asking.outcome().onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }

    private void first(Cursor cursor, Outcome<ListingPage> outcome) {
        long cursorId = ++lastCursorId;
        cursors.put(cursorId, cursor);
        nextPage(cursorId, outcome);
    }

    private void requireRoom() {
        if (cursors.size() >= MAX_CURSORS) {
            throw new TiercelException(ErrorCode.OVERLOADED, "too many listings are open: limit=" + MAX_CURSORS, 1000,
                    null);
        }
    }

    private @Nullable CachedListing cached(ListingFill.Waiter asking) {
        for (Key key : ListingVariant.answering(asking.query())) {
            if (tiers.peek(key.buffer(), 0, key.length(), view) && tiers.find(key.buffer(), 0, key.length(), view)) {
                requireRoom();
                Served served = asking.attempt() == 0 ? Shard.servedBy(view) : Served.COLLAPSED;
                return new CachedListing(key, tiers.pin(view), served, asking.query());
            }
        }
        return null;
    }

    private void draw(ListingFill.Waiter asking) {
        ListQuery query = asking.query();
        ListingVariant variant = ListingVariant.of(query);
        Mount mount = mounts.mountOf(query.path());
        Key key = variant == null || mount == null || asking.attempt() >= ALONE ? null : variant.keyOf(query.path());
        ListingFill present = key == null ? null : fills.joinable(key);
        if (present != null) {
            fills.join(present, new ListingFill.Waiter(query, asking.attempt() + 1, asking.outcome()));
            return;
        }
        requireRoom();
        ListingFill fill = mount == null ? fills.beginAlone(query) : fills.begin(query, key, mount);
        first(new Cursor(null, fill), asking.outcome());
    }

    void nextPage(long cursorId, Outcome<ListingPage> outcome) {
        Cursor cursor = cursors.get(cursorId);
        if (cursor == null || cursor.isBusy) {
            outcome.onFailure(ErrorCode.INVALID_ARGUMENT, "no such listing, or a page of it is on its way: cursorId="
                    + cursorId, 0);
            return;
        }
        cursor.usedNs = clock.nowNs();
        if (cursor.cached != null) {
            nextCached(cursorId, cursor.cached, outcome);
        } else if (cursor.fill != null) {
            nextDrawn(cursorId, cursor, cursor.fill, outcome);
        }
    }

    private void nextCached(long cursorId, CachedListing cached, Outcome<ListingPage> outcome) {
        List<ListedEntry> entries;
        boolean isLast;
        try {
            entries = cached.read();
            isLast = cached.isReadUp();
        } catch (IllegalArgumentException | InternalError e) {
            close(cursorId);
            if (e instanceof InternalError) {
                tiers.onMemoryFault();
            }
            tiers.invalidate(cached.key);
            outcome.onFailure(ErrorCode.CORRUPT, "a listing that was kept is damaged: ask again", 0);
            return;
        }
        if (isLast) {
            close(cursorId);
        }
        outcome.onDone(new ListingPage(cursorId, entries, isLast, cached.served));
    }

    private void nextDrawn(long cursorId, Cursor cursor, ListingFill fill, Outcome<ListingPage> outcome) {
        List<ListedEntry> entries = fill.read();
        fill.letGo();
        TiercelException failure = fill.failure;
        if (entries.isEmpty() && failure != null) {
            close(cursorId);
            outcome.onFailure(failure.code(), String.valueOf(failure.getMessage()), failure.retryAfterMs());
        } else if (entries.isEmpty() && !fill.isWhole && !fill.hasPage) {
            cursor.isBusy = true;
            fill.awaiting = () -> {
                cursor.isBusy = false;
                fill.hasPage = true;
                nextDrawn(cursorId, cursor, fill, outcome);
            };
            fills.pull(fill);
        } else {
            // A page of a pattern that lets nothing through may be empty: its reader asks again.
            fill.hasPage = false;
            boolean isLast = fill.isWhole && fill.isReadUp();
            if (isLast) {
                close(cursorId);
            }
            outcome.onDone(new ListingPage(cursorId, entries, isLast, fill.isGivenUp ? Served.STORE : Served.LOADED));
        }
    }

    /** Stops a listing; closing one that is not open does nothing. */
    void close(long cursorId) {
        Cursor cursor = cursors.remove(cursorId);
        if (cursor == null) {
            return;
        }
        if (cursor.cached != null) {
            tiers.unpin(cursor.cached.frame);
        } else if (cursor.fill != null) {
            fills.leave(cursor.fill);
        }
    }

    /** Closes what nobody asked for long; answers how many. */
    int checkIdle(long nowNs) {
        List<Long> idle = cursors.entrySet().stream().filter(entry -> !entry.getValue().isBusy && nowNs - entry
                .getValue().usedNs > IDLE_LIMIT_NS).map(Map.Entry::getKey).toList();
        idle.forEach(this::close);
        return idle.size();
    }
}
