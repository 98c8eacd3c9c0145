package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.StorageException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What stands before one mount's store: its permits and who waits for them, its breaker, its budget. Shard thread. */
final class MountGate {
    private final Mount mount;
    private final CircuitBreaker breaker;
    private final RetryBudget budget;
    private final FairLimit.Part permits;
    private final FairLimit.Part queue;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    MountGate(Mount mount, FairLimit.Part permits, FairLimit.Part queue) {
        Protection protection = mount.policy().protection();
        this.mount = mount;
        this.breaker = new CircuitBreaker(protection);
        this.budget = new RetryBudget(protection.retryBudget());
        this.permits = permits;
        this.queue = queue;
    }

    FairLimit.Part permits() {
        return permits;
    }

    FairLimit.Part queue() {
        return queue;
    }

    /** Works that wait for a permit, the one that waits longest first. */
    Queue<Runnable> waiting() {
        return waiting;
    }

    /** Whether nothing of it is left to be given back. */
    boolean isIdle() {
        return permits.used() == 0 && waiting.isEmpty();
    }

    RetryBudget budget() {
        return budget;
    }

    /** A ticket for a call, or {@link CircuitBreaker#REFUSED}. */
    long tryBegin(long nowNs) {
        return breaker.tryBegin(nowNs);
    }

    TiercelException refusal(long nowNs) {
        return new TiercelException(ErrorCode.STORE_UNAVAILABLE,
                "store failed so often that it is not asked now: mount='"
                        + mount.prefix() + "' (mounts.….breaker)", breaker.retryAfterMs(nowNs), null);
    }

    /** Takes the outcome of a call that bore a ticket. */
    void told(long ticket, @Nullable Throwable failure, long nowNs) {
        if (failure != null && isFault(failure)) {
            breaker.failed(ticket, nowNs);
            mount.state(stateAfter(Mount.State.DOWN));
        } else {
            breaker.succeeded(ticket);
            mount.state(stateAfter(Mount.State.UP));
        }
    }

    /** A call that bore a ticket was cancelled. */
    void abandoned(long ticket) {
        breaker.abandoned(ticket);
    }

    /** Takes the outcome of a body, whose opening was told of before. */
    void toldOfBody(@Nullable Throwable failure, long nowNs) {
        if (failure == null) {
            breaker.bodySucceeded();
        } else if (isFault(failure)) {
            breaker.bodyFailed(nowNs);
            mount.state(stateAfter(Mount.State.DOWN));
        }
    }

    private Mount.State stateAfter(Mount.State whileClosed) {
        return switch (breaker.state()) {
            case CLOSED -> whileClosed;
            case HALF_OPEN -> Mount.State.DEGRADED;
            case OPEN -> Mount.State.OPEN;
        };
    }

    /** Whether a failure says that the store is not what it should be; one that says no is as good as any. */
    private static boolean isFault(Throwable failure) {
        if (failure instanceof StorageException stored) {
            return stored.kind() == StorageException.Kind.UNAVAILABLE;
        }
        return failure instanceof TiercelException typed
                && (typed.code() == ErrorCode.STORE_UNAVAILABLE || typed.code() == ErrorCode.TIMEOUT);
    }
}
