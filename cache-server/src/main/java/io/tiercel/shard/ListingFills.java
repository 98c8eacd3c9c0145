package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.Mount;
import io.tiercel.load.MountListing;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.TieredStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Listings being drawn from stores: each page once, whoever wants it, and one listing a folder and epoch, however many ask.
 * What fits its limit becomes a frame when it is whole. Single writer: shard agent.
 *
 * <p>A listing that an invalidation or a write overtakes is detached, as loads are: its first reader goes on with it, nobody
 * joins it, and it is not published; who waits for it begins anew. A listing that failed is never published.
 */
final class ListingFills {
    /** Heap bytes that listings may take together before they are frames. */
    private static final long MOST_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** Begins a listing again for who waited for it. */
    @FunctionalInterface
    interface Restart {
        void open(ListingFill.Waiter waiter);
    }

    private final TieredStore tiers;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Restart restart;
    private final Map<Key, ListingFill> joinable = new HashMap<>();
    private final Set<ListingFill> kept = new LinkedHashSet<>();

    ListingFills(TieredStore tiers, MountTable mounts, StoreCalls calls, Restart restart) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.calls = calls;
        this.restart = restart;
    }

    /** The listing at a key that is being drawn and may be joined. */
    @Nullable
    ListingFill joinable(Key key) {
        return joinable.get(key);
    }

    /** Has somebody wait for a listing to be whole, or to be none that is kept. */
    void join(ListingFill fill, ListingFill.Waiter waiter) {
        fill.waiters.add(waiter);
        drawOn(fill);
    }

    /**
     * Begins a listing.
     *
     * @param key where it is to be kept, null for nowhere.
     */
    ListingFill begin(ListQuery query, @Nullable Key key, Mount mount) {
        ListingFill fill = new ListingFill(key, new MountListing(mounts, query), tiers.epoch(), Math.min(mount.policy()
                .sizes().maxListing(), tiers.maxFrame()));
        if (key != null) {
            joinable.put(key, fill);
            kept.add(fill);
        }
        return fill;
    }

    /** One that is kept nowhere, of a path that no mount covers. */
    ListingFill beginAlone(ListQuery query) {
        return new ListingFill(null, new MountListing(mounts, query), tiers.epoch(), 0);
    }

    /** Makes sure that what is being drawn for a key reaches nobody who asks from now on. */
    void detach(Key key) {
        ListingFill fill = joinable.remove(key);
        if (fill != null) {
            fill.isDetached = true;
        }
    }

    /** The same for all keys that are dropped. */
    void detachAll(Predicate<Key> dropped) {
        joinable.entrySet().removeIf(entry -> {
            boolean covered = dropped.test(entry.getKey());
            entry.getValue().isDetached |= covered;
            return covered;
        });
    }

    /** Asks for the next page, unless one is on its way or there are no more. */
    void pull(ListingFill fill) {
        if (fill.isBusy || fill.isWhole || fill.failure != null) {
            return;
        }
        fill.isBusy = true;
        Mount mount = fill.listing.asked();
        if (mount == null) {
            onPage(fill, fill.listing.nextPage(Listings.PAGE_ENTRIES, Listings.PAGE_TEXT_LENGTH), null);
            return;
        }
        boolean accepted = calls.acquire(mount, () -> calls.askOnce(mount, "list", mount.policy().protection()
                .timeoutMs(), () -> fill.listing.nextPage(Listings.PAGE_ENTRIES, Listings.PAGE_TEXT_LENGTH), (page,
                        failure) -> {
                    calls.release(mount);
                    onPage(fill, page, failure == null ? null : StoreErrors.translate(mount, failure));
                }));
        if (!accepted) {
            onPage(fill, null, new TiercelException(ErrorCode.OVERLOADED,
                    "too many store calls wait already: raise load.queue", 1000, null));
        }
    }

    private void onPage(ListingFill fill, MountListing.@Nullable Page page, @Nullable TiercelException failure) {
        fill.isBusy = false;
        if (failure != null || page == null) {
            fail(fill, failure == null ? new TiercelException(ErrorCode.INTERNAL, "a listing told nothing") : failure);
        } else {
            boolean wasKept = !fill.isGivenUp;
            if (!fill.take(page.entries(), MOST_BYTES - bytes() + fill.capacity()) && wasKept) {
                giveUp(fill);
            }
            if (page.isLast()) {
                fill.isWhole = true;
                close(fill);
                publishIfKept(fill);
            }
        }
        Runnable reader = fill.awaiting;
        fill.awaiting = null;
        if (reader != null) {
            reader.run();
        }
        drawOn(fill);
    }

    /** Goes on by itself where somebody waits; ends what nobody wants. */
    private void drawOn(ListingFill fill) {
        if (fill.isWhole || fill.failure != null || fill.isBusy) {
            return;
        }
        if (!fill.waiters.isEmpty()) {
            pull(fill);
        } else if (fill.isLeft) {
            fill.isWhole = true;
            giveUp(fill);
            close(fill);
        }
    }

    /** Its first reader has gone. */
    void leave(ListingFill fill) {
        fill.isLeft = true;
        fill.letGo();
        drawOn(fill);
    }

    private void fail(ListingFill fill, TiercelException failure) {
        fill.failure = failure;
        forget(fill);
        fill.isGivenUp = true;
        close(fill);
        List<ListingFill.Waiter> told = takeWaiters(fill);
        told.forEach(waiter -> waiter.outcome().onFailure(failure.code(), String.valueOf(failure.getMessage()), failure
                .retryAfterMs()));
    }

    /** It is kept no more: who waits for it lists by himself. */
    private void giveUp(ListingFill fill) {
        fill.isGivenUp = true;
        forget(fill);
        fill.letGo();
        takeWaiters(fill).forEach(waiter -> restart.open(new ListingFill.Waiter(waiter.query(), Listings.ALONE, waiter
                .outcome())));
    }

    private static List<ListingFill.Waiter> takeWaiters(ListingFill fill) {
        List<ListingFill.Waiter> waiters = new ArrayList<>(fill.waiters);
        fill.waiters.clear();
        return waiters;
    }

    private void forget(ListingFill fill) {
        kept.remove(fill);
        if (fill.key != null) {
            joinable.remove(fill.key, fill);
        }
    }

    private void close(ListingFill fill) {
        calls.run("list-close", () -> {
            fill.listing.close();
            return fill;
        }, (closed, failure) -> {});
    }

    private void publishIfKept(ListingFill fill) {
        ListingBytes bytes = fill.bytes();
        Key key = fill.key;
        if (fill.isGivenUp || bytes == null || key == null) {
            return;
        }
        if (fill.isDetached) {
            settle(fill);
            return;
        }
        FrameRequest request = new FrameRequest(key, bytes.length(), 0, "", fill.listing.ttlMs(), 0, fill.epoch);
        tiers.allocate(request, new AllocationListener() {
            @Override
            public void onAllocated(Allocation allocation) {
                fill(fill, bytes, allocation);
            }

            @Override
            public void onRefused(ErrorCode code, String message) {
                // Without a frame everybody lists by himself: no room must not mean no answer.
                giveUp(fill);
            }
        });
    }

    private void fill(ListingFill fill, ListingBytes bytes, Allocation allocation) {
        int length = bytes.length();
        calls.run("keep-listing", () -> {
            ByteBuffer room = allocation.payloadByteBuffer();
            bytes.copyTo(room);
            return new ContentHash().update(room.flip());
        }, (hash, failure) -> {
            if (failure != null) {
                tiers.onMemoryFault();
            }
            if (failure != null || fill.isDetached || length != bytes.length()) {
                allocation.abort();
            } else {
                // Overtaken by an invalidation it is dead at once, and whoever waits begins anew.
                allocation.publish(hash.crc(), "");
            }
            settle(fill);
        });
    }

    /** It is a frame now, or never will be: who waits looks again. */
    private void settle(ListingFill fill) {
        forget(fill);
        takeWaiters(fill).forEach(restart::open);
    }

    /** Whether something is being drawn that may be kept. */
    boolean isKeeping() {
        return !kept.isEmpty();
    }

    private long bytes() {
        long sum = 0;
        for (ListingFill fill : kept) {
            sum += fill.capacity();
        }
        return sum;
    }
}
