package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Body;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorePath;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Read-through with single flight: one load a key and epoch, however many wait. Single writer: shard agent.
 *
 * <p>A load that an invalidation or a write overtakes is <em>detached</em>: no later read joins it and its result is
 * not published; the reads that wait for it begin anew, a bounded number of times. Waiters of a failed load all get
 * its one error. A load past its deadline answers its waiters and keeps its permit and its memory until its thread
 * lets go of them.
 */
final class Loads {
    /** Times that a read begins anew because an invalidation overtook its load; then it is told to come back. */
    static final int MAX_ATTEMPTS = 4;

    /** Loads at a time that nobody waits for. */
    private static final int MAX_REFRESHING = 16;

    private final TieredStore tiers;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Clock clock;
    private final long loadDeadlineNs;
    private final Map<Key, Load> joinable = new HashMap<>();
    private final Set<Load> all = new LinkedHashSet<>();
    /** Those that nobody joins. */
    private final Set<Load> streaming = new LinkedHashSet<>();
    private final Parts parts;
    private final PassedLoads passed;
    private final FrameView view = new FrameView();
    private final Freshener freshener;
    private final RememberedMisses misses;
    private int refreshing;
    private long skippedRefreshes;
    private long revalidated;
    private long collapsed;
    private long failed;

    Loads(TieredStore tiers, MountTable mounts, StoreCalls calls, Clock clock, long loadDeadlineNs,
            Freshener freshener) {
        this.freshener = freshener;
        this.misses = new RememberedMisses(tiers, clock);
        this.tiers = tiers;
        this.mounts = mounts;
        this.calls = calls;
        this.clock = clock;
        this.loadDeadlineNs = loadDeadlineNs;
        this.parts = new Parts(tiers, calls, clock, loadDeadlineNs, this, freshener);
        this.passed = new PassedLoads(tiers, calls, clock, this);
    }

    /** Reads of parts of objects. */
    Parts parts() {
        return parts;
    }

    /**
     * Reads a key that no tier holds: from what is remembered of it, from its expired frame where its mount wants that, or
     * by a load of it that is under way or that this begins.
     */
    void read(Key key, Mount mount, long deadlineNs, ReadHandler handler) {
        if (!tryAnswer(key, mount, handler)) {
            join(Wanted.object(key), mount, deadlineNs, handler);
        }
    }

    /** Answers from what is remembered of a key, or from its expired frame; false where neither is there. */
    boolean tryAnswer(Key key, Mount mount, ReadHandler handler) {
        if (misses.holds(key)) {
            handler.onFailure(ErrorCode.NOT_FOUND, "the store did not have it a moment ago: key=" + key
                    + " (mounts.….negativeTtl)", 0);
            return true;
        }
        if (freshener.find(key, mount, view) == Freshener.Stale.SERVED) {
            view.heldUntilMs(freshener.heldUntilMs());
            handler.onFrame(view, Served.STALE);
            refresh(key, mount);
            return true;
        }
        return false;
    }

    /** Has a key asked for anew while its frame is served; skipped where too many are under way. */
    void refresh(Key key, Mount mount) {
        if (joinable.containsKey(key)) {
            return;
        }
        if (refreshing >= MAX_REFRESHING) {
            skippedRefreshes++;
            return;
        }
        refreshing++;
        Load load = begun(Wanted.object(key), mount, true);
        if (!calls.acquire(mount, () -> open(load))) {
            skippedRefreshes++;
            forget(load);
        }
    }

    /** Joins the load of an object of which that version is coming in; false where there is none. */
    boolean tryJoinArriving(Key key, String etag, long deadlineNs, ReadHandler handler) {
        Load present = joinable.get(key);
        if (present == null || present.arriving == null || !present.arriving.etag().equals(etag)) {
            return false;
        }
        join(present.wanted, present.mount, deadlineNs, handler);
        return true;
    }

    /** Joins the load of a frame that is under way, or begins one. */
    void join(Wanted wanted, Mount mount, long deadlineNs, ReadHandler handler) {
        join(wanted, mount, new Load.Waiter(handler, deadlineNs, 1));
    }

    private void join(Wanted wanted, Mount mount, Load.Waiter waiter) {
        boolean isJoinable = wanted.kind() != Wanted.Kind.STREAM;
        Load present = isJoinable ? joinable.get(wanted.frame()) : null;
        if (present != null) {
            collapsed++;
            Arriving arriving = present.arriving;
            if (arriving == null || !waiter.handler.onArriving(arriving)) {
                present.waiters.add(waiter);
            }
            return;
        }
        // Who begins anew may have asked when there were other mounts.
        Mount current = mounts.isCurrent(mount) ? mount : mounts.mountOf(wanted.object().toString());
        if (current == null || current.isCacheOnly()) {
            waiter.handler.onFailure(ErrorCode.NOT_FOUND, "no store answers for the key any more: key=" + wanted
                    .object(), 0);
            return;
        }
        Load load = begun(wanted, current, false);
        load.waiters.add(waiter);
        if (!calls.acquire(current, () -> open(load))) {
            forget(load);
            fail(load, new TiercelException(ErrorCode.OVERLOADED,
                    "too many loads wait already: raise load.queue or load.permits", 1000, null));
        }
    }

    private Load begun(Wanted wanted, Mount mount, boolean isRefresh) {
        Load load = new Load(wanted, mount, tiers.epoch(), clock.nowNs() + loadDeadlineNs, isRefresh);
        if (wanted.kind() == Wanted.Kind.STREAM) {
            streaming.add(load);
        } else {
            joinable.put(load.key, load);
        }
        all.add(load);
        return load;
    }

    /** Makes sure that no later read sees what a load of this key brings, nor what is remembered of it. */
    void detach(Key key) {
        misses.forget(key);
        parts.drop(key);
        detachLoad(key);
        streaming.stream().filter(load -> load.key.equals(key)).forEach(load -> load.isDetached = true);
    }

    void detachLoad(Key key) {
        Load load = joinable.remove(key);
        if (load != null) {
            load.isDetached = true;
        }
    }

    /** The same for every key that is dropped. */
    void detachAll(Predicate<Key> dropped) {
        parts.dropAll(dropped);
        joinable.values().removeIf(load -> {
            boolean covered = dropped.test(load.key);
            load.isDetached |= covered;
            return covered;
        });
        streaming.stream().filter(load -> dropped.test(load.key)).forEach(load -> load.isDetached = true);
    }

    private void open(Load load) {
        if (load.waiters.isEmpty() && !load.isRefresh) {
            finish(load);
            return;
        }
        load.state(Load.State.OPENING);
        StorePath path;
        try {
            path = load.mount.objectPath(load.wanted.object());
        } catch (TiercelException e) {
            settle(load, e);
            return;
        }
        load.knownEtag = freshener.knownEtag(load, view);
        ReadOptions options = load.knownEtag.isEmpty()
                ? load.wanted.options()
                : load.wanted.options().ifNoneMatch(load.knownEtag);
        load.call = calls.ask(load.mount, "load", () -> load.mount.store().open(path, options), (read, failure) -> {
            load.call = null;
            if (failure != null) {
                settle(load, StoreErrors.translate(load.mount, failure));
            } else {
                onOpened(load, read);
            }
        });
    }

    private void onOpened(Load load, ObjectRead read) {
        load.read = read;
        ObjectInfo info = read.info();
        if (load.isExpired) {
            settle(load, timedOut(load));
        } else if (!load.knownEtag.isEmpty() && load.knownEtag.equals(info.etag()) && !info.isRacilyClean()) {
            onUnchanged(load, info);
        } else if (info.length() < 0) {
            settle(load, new TiercelException(ErrorCode.STORE_UNAVAILABLE,
                    "store does not say how long the object is: key=" + load.key));
        } else if (!freshener.mayKeep(load.mount, info) && load.wanted.kind() != Wanted.Kind.STREAM) {
            pass(load, read, "the store lets nobody keep it: key=" + load.key);
        } else if (!parts.tryTake(load, read)) {
            load.state(Load.State.ALLOCATING);
            FrameRequest request = freshener.requestOf(load, info);
            tiers.allocate(request, new AllocationListener() {
                @Override
                public void onAllocated(Allocation allocation) {
                    load.allocation = allocation;
                    fill(load, read, allocation, info);
                }

                @Override
                public void onRefused(ErrorCode code, String message) {
                    if (code == ErrorCode.NO_SPACE) {
                        pass(load, read, message);
                    } else {
                        settle(load, new TiercelException(code, message));
                    }
                }
            });
        }
    }

    /** Hands on an object, or a page, that is not kept: from memory where that is allowed, else as a stream. */
    private void pass(Load load, ObjectRead read, String why) {
        boolean isPage = load.wanted.kind() == Wanted.Kind.PAGE;
        boolean hasAll = read.offset() == 0 && (read.length() < 0 || read.length() == read.info().length());
        if (hasAll && !isPage) {
            load.frameKey = load.wanted.object();
        }
        FrameRequest request = freshener.requestOf(load, read.info());
        if (isPage || (hasAll && passed.fits(request))) {
            passed.pass(load, read, request, why);
        } else {
            parts.passOn(load, read);
        }
    }

    /** The frame that is there is what the store has: it lives on, and its bytes stay where they are. */
    private void onUnchanged(Load load, ObjectInfo info) {
        Key key = load.key;
        boolean isValid = !load.isDetached && !tiers.isStale(key, load.epoch);
        long ttlMs = freshener.ttlMs(load.mount, info);
        boolean isRenewed = isValid && (tiers.peek(key.buffer(), 0, key.length(), view) || freshener.find(key,
                load.mount, view) != Freshener.Stale.NONE) && load.knownEtag.equals(view.etag())
                && tiers.renew(view, ttlMs == 0 ? Long.MAX_VALUE : clock.nowMs() + ttlMs);
        List<Load.Waiter> waiters = new ArrayList<>(load.waiters);
        load.waiters.clear();
        finish(load);
        revalidated += isRenewed ? 1 : 0;
        for (Load.Waiter waiter : waiters) {
            if (isRenewed) {
                serve(load, waiter, Served.REVALIDATED);
            } else {
                beginAnew(load, waiter);
            }
        }
    }

    /** Has the load's mount told how the body came in. */
    void toldOfBody(Load load, @Nullable Throwable failure) {
        if (!load.isExpired) {
            calls.toldOfBody(load.mount, failure);
        }
    }

    static String textOf(@Nullable String value) {
        return value == null ? "" : value;
    }

    private void fill(Load load, ObjectRead read, Allocation allocation, ObjectInfo info) {
        if (load.isExpired) {
            settle(load, timedOut(load));
            return;
        }
        load.state(Load.State.FILLING);
        Arriving arriving = parts.arriving(load, allocation, info);
        load.arriving = arriving;
        load.filling = calls.run("fill", () -> {
            ContentHash hash = new ContentHash();
            Body.fill(read, allocation.payloadByteBuffer(), bytes -> {
                int end = bytes.limit();
                hash.update(bytes);
                if (arriving != null) {
                    arriving.onBytes(end);
                }
            });
            return hash;
        }, (hash, failure) -> {
            load.read = null;
            load.arriving = null;
            toldOfBody(load, failure);
            if (failure instanceof InternalError) {
                tiers.onMemoryFault();
                settle(load, new TiercelException(ErrorCode.CORRUPT,
                        "the file under the frame was cut short on the node's disk: ask again", failure));
            } else if (failure != null) {
                settle(load, StoreErrors.translate(load.mount, failure));
            } else {
                onFilled(load, allocation, hash, info);
            }
        });
    }

    private void onFilled(Load load, Allocation allocation, ContentHash hash, ObjectInfo info) {
        String storeEtag = textOf(info.etag());
        if (load.isDetached || load.isExpired
                || !allocation.publish(hash.crc(), storeEtag.isEmpty() ? hash.etag() : storeEtag)) {
            overtaken(load);
            return;
        }
        load.allocation = null;
        List<Load.Waiter> served = new ArrayList<>(load.waiters);
        load.waiters.clear();
        finish(load);
        Served how = info.isRacilyClean() ? Served.STORE : Served.LOADED;
        for (Load.Waiter waiter : served) {
            serve(load, waiter, how);
            how = info.isRacilyClean() ? Served.STORE : Served.COLLAPSED;
        }
        if (info.isRacilyClean()) {
            // It changed so recently that a further change would not show: whoever reads next asks the store again.
            tiers.invalidate(load.frameKey);
        }
    }

    private void serve(Load load, Load.Waiter waiter, Served how) {
        if (tiers.peek(load.frameKey.buffer(), 0, load.frameKey.length(), view)) {
            waiter.handler.onFrame(view, how);
        } else {
            beginAnew(load, waiter);
        }
    }

    /** Has a read of a load that was overtaken join or begin another, unless it did so too often. */
    void beginAnew(Load load, Load.Waiter waiter) {
        if (waiter.attempt >= MAX_ATTEMPTS) {
            waiter.handler.onFailure(ErrorCode.OVERLOADED,
                    "key is invalidated faster than it loads: key=" + load.key, 100);
            return;
        }
        join(load.wanted, load.mount, new Load.Waiter(waiter.handler, waiter.deadlineNs, waiter.attempt + 1));
    }

    /** Ends a load that something overtook: who waits begins anew. */
    void overtaken(Load load) {
        List<Load.Waiter> waiters = new ArrayList<>(load.waiters);
        load.waiters.clear();
        finish(load);
        waiters.forEach(waiter -> beginAnew(load, waiter));
    }

    /** Ends a load whose body somebody else goes on with: the permit stays with that one, who gets the waiters. */
    List<Load.Waiter> handOver(Load load) {
        List<Load.Waiter> waiters = new ArrayList<>(load.waiters);
        load.waiters.clear();
        load.read = null;
        forget(load);
        load.state(Load.State.DONE);
        return waiters;
    }

    /** Ends a load with an error for all who wait. */
    void settle(Load load, TiercelException error) {
        finish(load);
        fail(load, error);
    }

    private void fail(Load load, TiercelException error) {
        failed++;
        List<Load.Waiter> told = new ArrayList<>(load.waiters);
        load.waiters.clear();
        if (error.code() == ErrorCode.NOT_FOUND && !load.isDetached) {
            misses.add(load.wanted.object(), load.epoch, load.mount.policy().freshness().negativeTtlMs());
            dropLeftOver(load);
        }
        Key kept = load.wanted.kind() == Wanted.Kind.PAGE ? load.key : load.wanted.object();
        for (Load.Waiter waiter : told) {
            if (freshener.findInsteadOf(error.code(), kept, load.mount, view)) {
                view.heldUntilMs(freshener.heldUntilMs());
                waiter.handler.onFrame(view, Served.STALE);
                continue;
            }
            waiter.handler.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
        }
    }

    /** The store has it no more: what is left of it here is no answer any more. */
    private void dropLeftOver(Load load) {
        Key object = load.wanted.object();
        if (load.isRefresh || freshener.find(object, load.mount, view) != Freshener.Stale.NONE) {
            try {
                tiers.invalidate(object);
            } catch (TiercelException e) {
                // It cannot be journalled while a rebuild goes on: it stays until it is over.
                return;
            }
        }
    }

    /** Gives back all that a load owns; its waiters stay with the caller. */
    void finish(Load load) {
        forget(load);
        load.state(Load.State.DONE);
        load.filling = null;
        load.call = null;
        ObjectRead read = load.read;
        load.read = null;
        if (load.allocation != null) {
            load.allocation.abort();
            load.allocation = null;
        }
        if (read != null) {
            calls.run("close", () -> {
                read.close();
                return read;
            }, (closed, failure) -> calls.release(load.mount));
        } else {
            calls.release(load.mount);
        }
    }

    private void forget(Load load) {
        if (all.remove(load) && load.isRefresh) {
            refreshing--;
        }
        joinable.remove(load.key, load);
        streaming.remove(load);
    }

    /** Answers reads whose deadline passed, and lets go of loads past theirs. */
    int checkDeadlines(long nowNs) {
        int work = parts.checkDeadlines(nowNs);
        for (Load load : List.copyOf(all)) {
            if (nowNs - load.deadlineNs > 0 && !load.isExpired) {
                expire(load);
                work++;
            } else {
                work += expireWaiters(load, nowNs);
            }
        }
        return work;
    }

    private void expire(Load load) {
        load.isExpired = true;
        joinable.remove(load.key, load);
        load.interrupt();
        fail(load, timedOut(load));
        if (passed.cancel(load)) {
            finish(load);
        }
    }

    static TiercelException timedOut(Load load) {
        return new TiercelException(ErrorCode.TIMEOUT, "load took longer than load.deadline: key=" + load.key
                + " mount='" + load.mount.prefix() + "'");
    }

    private static int expireWaiters(Load load, long nowNs) {
        List<Load.Waiter> late = new ArrayList<>();
        load.waiters.removeIf(waiter -> nowNs - waiter.deadlineNs > 0 && late.add(waiter));
        for (Load.Waiter waiter : late) {
            waiter.handler.onFailure(ErrorCode.TIMEOUT, "no answer in time: key=" + load.key, 0);
        }
        return late.size();
    }

    /** Whether the store said a moment ago that it does not have a key. */
    boolean isMissing(Key key) {
        return misses.holds(key);
    }

    /** Whether the object, or its manifest, is being loaded for whoever wants it. */
    boolean isLoading(Key key) {
        Key manifestKey = Manifest.keyOf(key);
        return joinable.containsKey(key) || (manifestKey != null && joinable.containsKey(manifestKey));
    }

    /** Keys that are remembered not to be there. */
    int rememberedMisses() {
        return misses.count();
    }

    /** Frames whose stores said that they have not changed. */
    long revalidated() {
        return revalidated;
    }

    /** Frames not asked for anew ahead of their end, or while they were served stale, since too many were. */
    long skippedRefreshes() {
        return skippedRefreshes;
    }

    long collapsed() {
        return collapsed;
    }

    /** Objects handed on without being kept. */
    long passed() {
        return passed.count() + parts.passed();
    }

    /** Heap bytes that objects handed on take now. */
    long passingBytes() {
        return passed.bytes();
    }

    long failed() {
        return failed;
    }
}
