package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Body;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.ObjectRead;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.PassedFrame;
import io.tiercel.tier.TieredStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads whose object the mapped tier does not keep: who waits gets it all the same, from memory that goes with its last
 * reader. Single writer: shard agent.
 */
final class PassedLoads {
    private final TieredStore tiers;
    private final StoreCalls calls;
    private final Clock clock;
    private final Loads loads;
    private final PassThrough memory = new PassThrough();
    private final FrameView view = new FrameView();
    private long count;

    PassedLoads(TieredStore tiers, StoreCalls calls, Clock clock, Loads loads) {
        this.tiers = tiers;
        this.calls = calls;
        this.clock = clock;
        this.loads = loads;
    }

    /** Objects handed on. */
    long count() {
        return count;
    }

    /** Heap bytes that they take now. */
    long bytes() {
        return memory.used();
    }

    /** Whether an object may be handed on from memory at all. */
    boolean fits(FrameRequest request) {
        return PassedFrame.footprint(request) <= memory.limit();
    }

    /** A load waits for memory no longer; answers whether it did. */
    boolean cancel(Load load) {
        return memory.cancel(load);
    }

    /**
     * Hands on the object of a load, when there is memory for it.
     *
     * @param why it is not kept: what its readers are told where it cannot be handed on either.
     */
    void pass(Load load, ObjectRead read, FrameRequest request, String why) {
        long bytes = PassedFrame.footprint(request);
        if (load.isExpired) {
            loads.settle(load, Loads.timedOut(load));
        } else if (bytes > memory.limit()) {
            loads.settle(load, new TiercelException(ErrorCode.NO_SPACE, why
                    + "; and it is too large to be handed on unkept: length=" + request.payloadLength() + " limit="
                    + memory.limit()));
        } else {
            memory.acquire(load, bytes, () -> {
                PassedFrame frame = load.waiters.isEmpty()
                        ? null
                        : PassedFrame.of(request, clock.nowMs(), () -> memory.release(bytes));
                if (frame == null) {
                    memory.release(bytes);
                    loads.settle(load, new TiercelException(ErrorCode.NO_SPACE, why));
                } else {
                    fill(load, read, frame, Loads.textOf(read.info().etag()));
                }
            });
        }
    }

    private void fill(Load load, ObjectRead read, PassedFrame frame, String storeEtag) {
        load.state(Load.State.FILLING);
        load.filling = calls.run("pass", () -> {
            ContentHash hash = new ContentHash();
            Body.fill(read, frame.payload(), hash::update);
            return hash;
        }, (hash, failure) -> {
            load.read = null;
            loads.toldOfBody(load, failure);
            if (failure != null) {
                loads.settle(load, StoreErrors.translate(load.mount, failure));
            } else {
                onFilled(load, frame, hash, storeEtag);
            }
            frame.letGo();
        });
    }

    private void onFilled(Load load, PassedFrame frame, ContentHash hash, String storeEtag) {
        List<Load.Waiter> waiters = new ArrayList<>(load.waiters);
        load.waiters.clear();
        loads.finish(load);
        if (load.isDetached || load.isExpired || tiers.isStale(load.frameKey, load.epoch)) {
            waiters.forEach(waiter -> loads.beginAnew(load, waiter));
            return;
        }
        count++;
        for (Load.Waiter waiter : waiters) {
            // Aimed anew for each: who takes it may have used the view for another frame.
            frame.complete(hash.crc(), storeEtag.isEmpty() ? hash.etag() : storeEtag, view);
            waiter.handler.onFrame(view, Served.STORE);
        }
    }
}
