package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.load.ReplacedStores;
import io.tiercel.storage.Capability;
import io.tiercel.tier.TieredStore;
import java.util.function.Predicate;

/**
 * What goes when something was written or invalidated: the one place that knows everything that hangs on a key. Single
 * writer: shard agent.
 *
 * <p>With a key go its frame, what is being loaded for it, and every entry that the node derived of it. With a prefix goes
 * all that at and under it, derived entries included, since their keys lie under it.
 */
final class Drops {
    private final TieredStore tiers;
    private final MountTable mounts;
    private final Loads loads;
    private final ListingFills listings;

    Drops(TieredStore tiers, MountTable mounts, Loads loads, ListingFills listings) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.loads = loads;
        this.listings = listings;
    }

    /**
     * Drops a key, what hangs on it, and the listings that could show it; answers the epoch.
     *
     * @throws TiercelException NO_SPACE when it has to be journalled, while a rebuild goes on, and cannot be.
     */
    long key(Key key) {
        loads.detach(key);
        tiers.invalidate(key);
        listingsShowing(key);
        return tiers.epoch();
    }

    /** Drops what hangs on a key whose frame the caller replaces in the cache alone. */
    void besideFrame(Key key) {
        loads.detach(key);
    }

    /** Listings of a path's ancestors, since it may appear in them or take a folder with it; and its own, if it had any. */
    private void listingsShowing(Key key) {
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null || !mount.can(Capability.LIST)) {
            return;
        }
        for (Key listing : ListingVariant.showing(key.toString())) {
            listings.detach(listing);
            tiers.invalidate(listing);
        }
    }

    /**
     * Drops everything at and under a prefix, at the same cost for one key or ten million, and the listings that could show
     * any of it; answers the epoch.
     *
     * @throws TiercelException NO_SPACE when it cannot be journalled.
     */
    long prefix(Key prefix) {
        long epoch = tiers.invalidatePrefix(prefix);
        detachAll(key -> key.isCoveredBy(prefix));
        listingsShowing(prefix);
        return epoch;
    }

    /**
     * Drops what stores brought that answer no more, and the listings of all folders above, which may show the mount
     * points. What lies in mounts that keep their stores stays.
     *
     * @throws TiercelException as {@link #prefix}.
     */
    void stores(ReplacedStores replaced) {
        tiers.replaceStores(replaced.prefixes(), replaced.kept());
        detachAll(replaced::covers);
        for (String prefix : replaced.prefixes()) {
            for (Key listing : ListingVariant.showing(prefix)) {
                listings.detach(listing);
                tiers.invalidate(listing);
            }
        }
    }

    /** Drops everything; answers the epoch, and throws as {@link #prefix}. */
    long all() {
        long epoch = tiers.invalidateAll();
        detachAll(_ -> true);
        return epoch;
    }

    private void detachAll(Predicate<Key> dropped) {
        loads.detachAll(dropped);
        listings.detachAll(dropped);
    }
}
