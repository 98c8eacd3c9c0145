package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.load.Mount;
import io.tiercel.load.StoreCall;
import io.tiercel.storage.ObjectRead;
import io.tiercel.tier.Allocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object on its way from a store into the mapped tier, and who waits for it. Single writer: shard agent; while
 * FILLING the bytes of its allocation belong to its virtual thread.
 */
final class Load {
    /** Where it is; each state has one event that ends it. */
    enum State {
        /** Waits for a permit. */
        QUEUED,
        /** The store is being asked. */
        OPENING,
        /** The length is known, space is being found. */
        ALLOCATING,
        /** The body goes into its space. */
        FILLING,
        /** Nobody waits any more and nothing is owned. */
        DONE
    }

    /** Under which it is joined. */
    final Key key;
    final Wanted wanted;
    final Mount mount;
    /** Of the frame that it fills: the object's where a range turned out to be all of it. */
    Key frameKey;
    /** Invalidation epoch at which it began: an invalidation after it makes the result unservable. */
    final long epoch;
    final long deadlineNs;
    final List<Waiter> waiters = new ArrayList<>();
    private State state = State.QUEUED;
    /** While the store is being asked. */
    @Nullable
    StoreCall call;
    /** While the body is read. */
    @Nullable
    StoreCall filling;
    @Nullable
    ObjectRead read;
    @Nullable
    Allocation allocation;
    /** While the body is read, where readers are given what has come. */
    @Nullable
    Arriving arriving;
    /** Begun for a frame that is served meanwhile: it goes on though nobody waits. */
    final boolean isRefresh;
    /** Of the frame that was there when the store was asked; empty for none. */
    String knownEtag = "";
    /** Its key was invalidated or written meanwhile: what it brings is for nobody. */
    boolean isDetached;
    /** Its deadline passed: its waiters have their answer, its thread has been interrupted. */
    boolean isExpired;

    Load(Wanted wanted, Mount mount, long epoch, long deadlineNs, boolean isRefresh) {
        this.isRefresh = isRefresh;
        this.key = wanted.frame();
        this.wanted = wanted;
        this.frameKey = key;
        this.mount = mount;
        this.epoch = epoch;
        this.deadlineNs = deadlineNs;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Has whatever it waits for end soon. */
    void interrupt() {
        if (call != null) {
            call.cancel();
        }
        if (filling != null) {
            filling.cancel();
        }
    }

    /** One read that waits. */
    static final class Waiter {
        final ReadHandler handler;
        final long deadlineNs;
        /** Loads that this read has joined so far. */
        final int attempt;

        Waiter(ReadHandler handler, long deadlineNs, int attempt) {
            this.handler = handler;
            this.deadlineNs = deadlineNs;
            this.attempt = attempt;
        }
    }
}
