package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.ArrayDeque;

/**
 * Requests whose answer hangs on whether a key is there, while the tiers are still finding out: they wait until the key
 * is found, the rebuild ends, or their patience does, and then go on as if they had come only now. Bounded in number and
 * in time. Single writer: shard agent.
 */
final class RebuildWaiters {
    /** Requests that may wait; the next is told to come back. */
    static final int MOST = 16_384;

    private static final int LOOKS_A_TURN = 64;
    private static final int RETRY_AFTER_MS = 500;

    /** Tells a request that it is not served. */
    @FunctionalInterface
    interface Refusal {
        void onFailure(ErrorCode code, String message, int retryAfterMs);
    }

    private record Waiter(Key key, long deadlineNs, Runnable request, Refusal refusal) {}

    private final TieredStore tiers;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private final FrameView view = new FrameView();

    RebuildWaiters(TieredStore tiers) {
        this.tiers = tiers;
    }

    /**
     * Runs a request as soon as it is known whether its key is there, now if it is known.
     *
     * @param deadlineNs when it runs all the same, to find nothing.
     */
    void whenKnown(Key key, long deadlineNs, Runnable request, Refusal refusal) {
        if (isKnown(key)) {
            request.run();
        } else if (waiters.size() >= MOST) {
            refusal.onFailure(ErrorCode.OVERLOADED, "too many requests wait for the rebuild: key=" + key,
                    RETRY_AFTER_MS);
        } else {
            waiters.add(new Waiter(key, deadlineNs, request, refusal));
        }
    }

    private boolean isKnown(Key key) {
        return !tiers.isRebuilding() || tiers.peek(key.buffer(), 0, key.length(), view);
    }

    /** Looks at some of those who wait. Answers how many went on. */
    int doWork(long nowNs) {
        int served = 0;
        for (int left = Math.min(LOOKS_A_TURN, waiters.size()); left > 0; left--) {
            Waiter waiter = waiters.remove();
            if (nowNs - waiter.deadlineNs() >= 0 || isKnown(waiter.key())) {
                waiter.request().run();
                served++;
            } else {
                waiters.add(waiter);
            }
        }
        return served;
    }

    int count() {
        return waiters.size();
    }

    /** The node stops: nobody waits on. */
    void close() {
        while (!waiters.isEmpty()) {
            Waiter waiter = waiters.remove();
            waiter.refusal().onFailure(ErrorCode.NODE_UNAVAILABLE, "node is stopping: key=" + waiter.key(), 0);
        }
    }
}
