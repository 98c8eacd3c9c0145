package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.StoreCalls;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Pinned;
import io.tiercel.tier.TieredStore;

/**
 * Moves and copies between cache-only mounts: the frame's bytes go into room of their own under the other key, on a thread
 * of their own. Single writer: shard agent.
 */
final class FrameMoves {
    /** Copies under way at a time: each keeps a processor busy. */
    private static final int MOST_COPYING = 16;

    private final RebuildWaiters waiters;
    private final long loadDeadlineNs;
    private final TieredStore tiers;
    private final StoreCalls calls;
    private final Drops drops;
    private final FrameView view = new FrameView();
    private int copying;

    FrameMoves(TieredStore tiers, StoreCalls calls, Drops drops, RebuildWaiters waiters, long loadDeadlineNs) {
        this.waiters = waiters;
        this.loadDeadlineNs = loadDeadlineNs;
        this.tiers = tiers;
        this.calls = calls;
        this.drops = drops;
    }

    void begin(MoveRequest request, Mount to, Outcome<PutResult> outcome) {
        long deadlineNs = tiers.clock().nowNs() + loadDeadlineNs / 2;
        waiters.whenKnown(request.from(), deadlineNs, () -> waiters.whenKnown(request.to(), deadlineNs,
                () -> beginKnown(request, to, outcome), outcome::onFailure), outcome::onFailure);
    }

    private void beginKnown(MoveRequest request, Mount to, Outcome<PutResult> outcome) {
        if (copying >= MOST_COPYING) {
            outcome.onFailure(ErrorCode.OVERLOADED, "too many frames are being copied: limit=" + MOST_COPYING, 100);
        } else if (!isThere(request.from())) {
            outcome.onFailure(ErrorCode.NOT_FOUND, "not in the cache: key=" + request.from(), 0);
        } else if (request.from().equals(request.to())) {
            outcome.onDone(new PutResult(view.etag(), false));
        } else {
            allocate(request, to, tiers.pin(view), outcome);
        }
    }

    private void allocate(MoveRequest request, Mount to, Pinned source, Outcome<PutResult> outcome) {
        if (!request.overwrite() && isThere(request.to())) {
            tiers.unpin(source);
            refuseOverwriting(request, outcome);
            return;
        }
        if (source.payloadLength() > to.policy().sizes().maxObject()) {
            tiers.unpin(source);
            outcome.onFailure(ErrorCode.TOO_LARGE, "frame is too large for the mount: key=" + request.to() + " length="
                    + source.payloadLength() + " limit=" + to.policy().sizes().maxObject(), 0);
            return;
        }
        tiers.allocate(frame(request.to(), source), new AllocationListener() {
            @Override
            public void onAllocated(Allocation allocation) {
                fill(request, source, allocation, outcome);
            }

            @Override
            public void onRefused(ErrorCode code, String message) {
                tiers.unpin(source);
                outcome.onFailure(code, message, 0);
            }
        });
    }

    private boolean isThere(Key key) {
        return tiers.peek(key.buffer(), 0, key.length(), view);
    }

    private static void refuseOverwriting(MoveRequest request, Outcome<PutResult> outcome) {
        outcome.onFailure(ErrorCode.ALREADY_EXISTS, "there is a value already: key=" + request.to(), 0);
    }

    /** It lives as long as its source would have. */
    private FrameRequest frame(Key to, Pinned source) {
        long ttlMs = source.expiresAtMs() == 0 ? 0 : Math.max(1, source.expiresAtMs() - tiers.clock().nowMs());
        return new FrameRequest(to, source.payloadLength(), source.etag().length(), source.contentType(), ttlMs,
                source.lastModifiedMs(), tiers.epoch());
    }

    private void fill(MoveRequest request, Pinned source, Allocation allocation, Outcome<PutResult> outcome) {
        copying++;
        calls.run("copy-frame", () -> allocation.payloadByteBuffer().put(source.payloadByteBuffer()), (filled,
                failure) -> {
            copying--;
            tiers.unpin(source);
            onFilled(request, source, allocation, failure == null, outcome);
        });
    }

    private void onFilled(MoveRequest request, Pinned source, Allocation allocation, boolean isWhole,
            Outcome<PutResult> outcome) {
        if (!isWhole) {
            tiers.onMemoryFault();
            allocation.abort();
            outcome.onFailure(ErrorCode.CORRUPT, "the file under a frame was cut short on the node's disk: ask again",
                    0);
            return;
        }
        boolean existed = isThere(request.to());
        if (existed && !request.overwrite()) {
            allocation.abort();
            refuseOverwriting(request, outcome);
            return;
        }
        try {
            drops.besideFrame(request.to());
            // Overtaken by an invalidation, the copy was made and dropped at once: both were asked for.
            if (!allocation.publish(source.payloadCrc(), source.etag()) && allocation.isLost()) {
                outcome.onFailure(ErrorCode.CORRUPT,
                        "the file under a frame was cut short on the node's disk: ask again",
                        0);
                return;
            }
            // A value that was put there meanwhile is not the one that was moved: it stays.
            if (!request.keepsSource() && isThere(request.from()) && view.sequence() == source.sequence()) {
                drops.key(request.from());
            }
            outcome.onDone(new PutResult(source.etag(), !existed));
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }
}
