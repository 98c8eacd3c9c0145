package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.load.ReplacedStores;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.StorePath;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Pinned;
import io.tiercel.tier.Tier;
import io.tiercel.tier.TierSnapshot;
import io.tiercel.tier.TieredStore;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of a node over its tiers and mounts: what gateways call. Single writer: shard agent; every method is
 * for its thread, never blocks, and answers inline or later through its handler, exactly once.
 *
 * <p>Other threads go through {@link ShardProxy}.
 */
public final class Shard {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private final TieredStore tiers;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Clock clock;
    private final Loads loads;
    private final Drops drops;
    private final Puts puts;
    private final Writes writes;
    private final Moves moves;
    private final Listings listings;
    private final Explainer explainer;
    private final Freshener freshener;
    private final RebuildWaiters waiters;
    private final CommandDeadlines commandDeadlines = new CommandDeadlines();
    private final long loadDeadlineNs;
    private final FrameView view = new FrameView();
    private long horizonMs;
    private long abandonedPuts;

    public Shard(TieredStore tiers, MountTable mounts, StoreCalls calls, Clock clock, long loadDeadlineNs,
            RandomGenerator random) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.calls = calls;
        this.clock = clock;
        this.loadDeadlineNs = loadDeadlineNs;
        openGates();
        this.freshener = new Freshener(tiers, clock, random);
        this.horizonMs = Freshener.horizonMs(mounts.mounts());
        this.waiters = new RebuildWaiters(tiers);
        this.loads = new Loads(tiers, mounts, calls, clock, loadDeadlineNs, freshener);
        this.explainer = new Explainer(tiers, mounts, loads, freshener);
        this.listings = new Listings(tiers, mounts, calls, clock);
        this.drops = new Drops(tiers, mounts, loads, listings.fills());
        this.puts = new Puts(tiers, mounts, calls, drops, loadDeadlineNs);
        this.writes = new Writes(tiers, mounts, calls, drops);
        this.moves = new Moves(tiers, mounts, calls, clock, drops, waiters, loadDeadlineNs);
    }

    private void openGates() {
        calls.mounts(mounts.mounts().stream().filter(mount -> !mount.isCacheOnly()).toList(), this::onLeft);
    }

    /**
     * Has other mounts answer from now on. Stores that none of them has are closed when nothing is under way in them.
     *
     * @param replaced where another store answers than before, or none: what is cached of those before goes.
     * @throws TiercelException NO_SPACE when that cannot be journalled: then the mounts are those of before.
     */
    public void mounts(List<Mount> next, ReplacedStores replaced) {
        if (!replaced.isEmpty()) {
            drops.stores(replaced);
        }
        mounts.replace(next);
        horizonMs = Freshener.horizonMs(next);
        openGates();
    }

    /** Closing may take as long as the store likes. */
    private void onLeft(Mount mount) {
        if (mounts.left(mount)) {
            calls.run("close", () -> {
                mount.close();
                return mount;
            }, (closed, failure) -> {
                if (failure != null) {
                    LOG.warn("store does not close: mount='{}'", mount.prefix(), failure);
                }
            });
        }
    }

    /**
     * The frame of a key if a tier holds it: the hot path, without allocation.
     *
     * @param key bytes from outside; only what equals a stored key, which is normal, is found.
     * @return a view that is valid until the next call into the shard, or null: then {@link #read} decides.
     */
    public @Nullable FrameView tryRead(DirectBuffer key, int offset, int length) {
        if (!tiers.find(key, offset, length, view)) {
            return null;
        }
        if (horizonMs > 0 && view.expiresAtMs() != 0 && view.expiresAtMs() - clock.nowMs() < horizonMs) {
            nearEnd(key, offset, length);
        }
        return view;
    }

    /** The frame in the view was read near the end of its life. */
    private void nearEnd(DirectBuffer key, int offset, int length) {
        Mount mount = mounts.mountOf(key.getStringWithoutLengthUtf8(offset, length));
        if (mount == null) {
            return;
        }
        freshener.slide(mount, view);
        if (!mount.isCacheOnly() && freshener.isRefreshDue(mount, view)) {
            loads.refresh(Key.ofUtf8(key, offset, length), mount);
        }
    }

    /**
     * Reads a key that {@link #tryRead} did not find: from its store, with single flight, where it has one. While a
     * rebuild may still find it, the read waits for half of its time, and has the other half for the store.
     */
    public void read(Key key, long deadlineNs, ReadHandler handler) {
        if (!tiers.isRebuilding()) {
            readKnown(key, deadlineNs, handler);
            return;
        }
        long nowNs = clock.nowNs();
        boolean isLoaded = isLoaded(mounts.mountOf(key.toString()));
        long waitNs = Math.min(deadlineNs - nowNs, loadDeadlineNs) / (isLoaded ? 2 : 1);
        waiters.whenKnown(key, nowNs + waitNs, () -> readKnown(key, deadlineNs, handler), handler::onFailure);
    }

    private static boolean isLoaded(@Nullable Mount mount) {
        return mount != null && !mount.isCacheOnly();
    }

    /**
     * Reads the part of an object in which a position lies.
     *
     * @param maxLength how much will be read from there.
     * @param ifMatch   entity tag that the object must have, empty for any.
     */
    public void readPart(Reading reading, long position, long maxLength, String ifMatch, long deadlineNs,
            PartHandler handler) {
        Key key = reading.key;
        FrameView hit = tryRead(key.buffer(), 0, key.length());
        if (hit != null) {
            servePart(key, hit, ifMatch, servedBy(hit), handler);
            return;
        }
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null || mount.isCacheOnly()) {
            read(key, deadlineNs, new ReadHandler() {
                @Override
                public void onFrame(FrameView frame, Served served) {
                    servePart(key, frame, ifMatch, served, handler);
                }

                @Override
                public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                    handler.onFailure(code, message, retryAfterMs);
                }
            });
            return;
        }
        Parts.ReadBounds bounds = new Parts.ReadBounds(position, maxLength, ifMatch, deadlineNs);
        if (tiers.isRebuilding()) {
            long nowNs = clock.nowNs();
            waiters.whenKnown(key, nowNs + Math.min(deadlineNs - nowNs, loadDeadlineNs) / 2, () -> loads.parts().read(
                    reading, mount, bounds, handler), handler::onFailure);
        } else {
            loads.parts().read(reading, mount, bounds, handler);
        }
    }

    private static void servePart(Key key, FrameView frame, String ifMatch, Served served, PartHandler handler) {
        if (ifMatch.isEmpty() || ifMatch.equals(frame.etag())) {
            handler.onPart(frame, 0, frame.payloadLength(), served);
        } else {
            handler.onFailure(ErrorCode.PRECONDITION_FAILED, "object changed: key=" + key + " expected=" + ifMatch
                    + " is=" + frame.etag(), 0);
        }
    }

    /** The reader goes away: what was held for it is let go of. */
    public void endReading(Reading reading) {
        reading.end();
    }

    private void readKnown(Key key, long deadlineNs, ReadHandler handler) {
        if (tiers.peek(key.buffer(), 0, key.length(), view)) {
            handler.onFrame(view, servedBy(view));
            return;
        }
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null) {
            handler.onFailure(ErrorCode.NOT_FOUND, "no mount covers the key: key=" + key, 0);
        } else if (mount.isCacheOnly()) {
            handler.onFailure(ErrorCode.NOT_FOUND, "not in the cache: key=" + key, 0);
        } else if (loads.parts().find(key, view) != null) {
            handler.onPages();
        } else {
            loads.read(key, mount, deadlineNs, handler);
        }
    }

    /** What a frame found in a tier is to be reported as. */
    public static Served servedBy(FrameView frame) {
        return frame.tier() == Tier.HEAP ? Served.HEAP : Served.MAPPED;
    }

    /** What is known of a key or folder: from a tier, else from its store. */
    public void stat(Key key, Outcome<StatResult> outcome) {
        waiters.whenKnown(key, clock.nowNs() + loadDeadlineNs / 2, () -> statKnown(key, outcome), outcome::onFailure);
    }

    private void statKnown(Key key, Outcome<StatResult> outcome) {
        String path = key.toString();
        Mount mount = mounts.mountOf(path);
        if (tiers.peek(key.buffer(), 0, key.length(), view)) {
            outcome.onDone(Stats.ofFrame(view, mount == null ? "" : mount.prefix()));
            return;
        }
        Manifest manifest = mount == null || mount.isCacheOnly() ? null : loads.parts().find(key, view);
        if (manifest != null) {
            outcome.onDone(Stats.ofPages(manifest, view, Objects.requireNonNull(mount).prefix()));
        } else if (mounts.isFolder(path)) {
            outcome.onDone(Stats.ofFolder(mount == null ? "" : mount.prefix()));
        } else if (mount == null) {
            outcome.onFailure(ErrorCode.NOT_FOUND, "no mount covers the key: key=" + key, 0);
        } else if (mount.isCacheOnly() || loads.isMissing(key)) {
            outcome.onFailure(ErrorCode.NOT_FOUND, "not in the cache"
                    + (mount.isCacheOnly() ? "" : ", and the store did not have it a moment ago") + ": key=" + key, 0);
        } else {
            statInStore(mount, StorePath.of(mount.pathInStore(path)), outcome);
        }
    }

    private void statInStore(Mount mount, StorePath path, Outcome<StatResult> outcome) {
        boolean accepted = calls.acquire(mount, () -> calls.ask(mount, "stat", () -> mount.store().info(path), (
                info, failure) -> {
            calls.release(mount);
            if (failure != null) {
                TiercelException error = StoreErrors.translate(mount, failure);
                outcome.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
            } else {
                outcome.onDone(Stats.ofStore(info, mount.prefix()));
            }
        }));
        if (!accepted) {
            outcome.onFailure(ErrorCode.OVERLOADED, "too many store calls wait already: raise load.queue", 1000);
        }
    }

    /** Reserves space for a put; {@link #commit} or {@link #abort} must follow. */
    public void openPut(PutRequest request, Outcome<PutOperation> outcome) {
        whenJudgeable(request, () -> puts.open(request, outcome), outcome::onFailure);
    }

    /** A condition hangs on what is there; a put without one does not, it wins over whatever is found later. */
    private void whenJudgeable(PutRequest request, Runnable put, RebuildWaiters.Refusal refusal) {
        if (request.condition() == PutCondition.NONE) {
            put.run();
            return;
        }
        waiters.whenKnown(request.key(), clock.nowNs() + loadDeadlineNs, () -> {
            if (tiers.isRebuilding() && !tiers.peek(request.key().buffer(), 0, request.key().length(), view)) {
                refusal.onFailure(ErrorCode.OVERLOADED,
                        "not known yet, the index is being rebuilt: key=" + request.key(), 1000);
            } else {
                put.run();
            }
        }, refusal);
    }

    /** Makes a put take effect, durably where its mount has a store, and acknowledges. */
    public void commit(PutOperation put, ContentHash hash, Outcome<PutResult> outcome) {
        put.committed();
        whenJudgeable(put.request(), () -> puts.commit(put, hash, outcome), (code, message, retryAfterMs) -> {
            put.abort();
            outcome.onFailure(code, message, retryAfterMs);
        });
    }

    /** Gives up a put: what was there before stays. Does nothing to one that was committed. */
    public void abort(PutOperation put) {
        if (put.tryAbandon()) {
            abandonedPuts++;
        }
    }

    /** Puts that were given up before they were committed, since the start. */
    public long abandonedPuts() {
        return abandonedPuts;
    }

    /** Deletes one key, or everything at and under it; answers whether there was anything. */
    public void delete(Key key, boolean isRecursive, Outcome<Boolean> outcome) {
        if (isRecursive || isLoaded(mounts.mountOf(key.toString()))) {
            writes.delete(key, isRecursive, outcome);
        } else {
            waiters.whenKnown(key, clock.nowNs() + loadDeadlineNs, () -> writes.delete(key, false, outcome),
                    outcome::onFailure);
        }
    }

    /**
     * Drops one key from the tiers; answers the invalidation epoch.
     *
     * @throws TiercelException NO_SPACE when it has to be journalled, while a rebuild goes on, and cannot be.
     */
    public long invalidate(Key key) {
        return drops.key(key);
    }

    /**
     * Drops everything at and under a prefix; durable when it returns.
     *
     * @throws TiercelException NO_SPACE when it cannot be journalled: then nothing was dropped.
     */
    public long invalidatePrefix(Key prefix) {
        return drops.prefix(prefix);
    }

    /** Drops everything; throws like {@link #invalidatePrefix(Key)}. */
    public long invalidateAll() {
        return drops.all();
    }

    /** Changes the capacity of the mapped tier; answers it, and throws as the tier does. */
    public long mappedCapacity(long bytes) {
        tiers.mappedCapacity(bytes);
        return tiers.mappedCapacity();
    }

    /** Gives an object another key, or a second one; the order of errors is that of the stores. */
    public void move(MoveRequest request, Outcome<PutResult> outcome) {
        moves.begin(request, outcome);
    }

    /** What would answer a read of a key now and why, as JSON; nothing is loaded, nor counted as a read. */
    public String explain(Key key) {
        return explainer.explain(key);
    }

    /** Opens a listing and pulls its first page. */
    public void list(ListQuery query, Outcome<ListingPage> outcome) {
        listings.open(query, outcome);
    }

    /** Pulls the next page of a listing. */
    public void nextPage(long cursorId, Outcome<ListingPage> outcome) {
        listings.nextPage(cursorId, outcome);
    }

    /** Ends a listing early. */
    public void closeListing(long cursorId) {
        listings.close(cursorId);
    }

    /** Keeps a frame's bytes valid until {@link #unpin(Pinned)}. */
    public Pinned pin(FrameView frame) {
        return tiers.pin(frame);
    }

    public void unpin(Pinned pinned) {
        tiers.unpin(pinned);
    }

    /** A touch of mapped memory failed with an InternalError: finds out what was cut short, and serves it no more. */
    public void onMemoryFault() {
        tiers.onMemoryFault();
    }

    /** Epoch of the latest acknowledged invalidation of a prefix. */
    public long epoch() {
        return tiers.epoch();
    }

    /**
     * A reader file for a client that is to map; answers its number.
     *
     * @throws TiercelException OVERLOADED when there are too many, NO_SPACE when it cannot be made.
     */
    public int grantReader() {
        return tiers.grantReader();
    }

    /** Whether a living client owns the reader file now. */
    public boolean attachReader(int number) {
        return tiers.attachReader(number);
    }

    /** The client's session is over; what it holds stays until its process gives it up or ends. */
    public void releaseReader(int number) {
        tiers.releaseReader(number);
    }

    /** Bytes of the segments that a reader's leases hold. */
    public long readerPinnedBytes(int number) {
        return tiers.readerPinnedBytes(number);
    }

    /** Why a reader may not be told where a frame lies, for people; empty when it may. */
    public String leaseRefusal(int number, FrameView frame) {
        return tiers.leaseRefusal(number, frame);
    }

    /** Whether a reader pinned more than its quota: its session is to be closed. */
    public boolean isReaderRevoked(int number) {
        return tiers.isReaderRevoked(number);
    }

    /** Largest payload that is taken, bytes. */
    public long maxFrame() {
        return tiers.maxFrame();
    }

    /** The tiers' counters now. */
    public TierSnapshot tierSnapshot() {
        return tiers.snapshot();
    }

    /** The store calls' counters now. */
    public LoadCounts loadCounts() {
        return new LoadCounts(calls.active(), calls.total(), loads.failed(), loads.collapsed(), calls.skipped(),
                loads.passed(), calls.retried(), loads.revalidated(), loads.skippedRefreshes(),
                loads.rememberedMisses(), loads.parts().streams());
    }

    TieredStore tiers() {
        return tiers;
    }

    StoreCalls calls() {
        return calls;
    }

    Listings listings() {
        return listings;
    }

    Loads loads() {
        return loads;
    }

    CommandDeadlines commandDeadlines() {
        return commandDeadlines;
    }

    RebuildWaiters waiters() {
        return waiters;
    }
}
