package io.tiercel.load;

import java.util.concurrent.TimeUnit;

/**
 * Keeps a failing store from being asked: closed while it answers, open for a while after so many failures in a row, then
 * half-open, when a few calls at a time try whether it is back. Any answer of the store is a success, one that says no as
 * well. Not threadsafe.
 *
 * <p>Each call that may be made bears a ticket of the state in which it began; an outcome of an earlier state changes
 * nothing, so that what was under way when the breaker opened neither closes it nor opens it anew.
 */
final class CircuitBreaker {
    /** Instead of a ticket: the call may not be made. */
    static final long REFUSED = -1;

    /** What calls meet. */
    enum State {
        CLOSED, OPEN, HALF_OPEN
    }

    private final int failureLimit;
    private final long openNs;
    private final int trials;
    private State state = State.CLOSED;
    private long ticket;
    private int failures;
    private int trialsUnderWay;
    private int trialsPassed;
    private long openUntilNs;
    private int bodyFailures;

    CircuitBreaker(Protection protection) {
        this.failureLimit = protection.breakerFailures();
        this.openNs = TimeUnit.MILLISECONDS.toNanos(protection.breakerOpenMs());
        this.trials = protection.breakerTrials();
    }

    /** A ticket for a call, whose outcome must be told, or {@link #REFUSED}. */
    long tryBegin(long nowNs) {
        if (state == State.OPEN && nowNs - openUntilNs >= 0) {
            enter(State.HALF_OPEN);
        }
        if (state == State.OPEN || (state == State.HALF_OPEN && trialsUnderWay >= trials)) {
            return REFUSED;
        }
        trialsUnderWay += state == State.HALF_OPEN ? 1 : 0;
        return ticket;
    }

    void succeeded(long ofTicket) {
        if (ofTicket != ticket) {
            return;
        }
        failures = 0;
        if (state == State.HALF_OPEN) {
            trialsUnderWay--;
            trialsPassed++;
            if (trialsPassed >= trials) {
                enter(State.CLOSED);
            }
        }
    }

    void failed(long ofTicket, long nowNs) {
        if (ofTicket != ticket) {
            return;
        }
        failures++;
        if (state == State.HALF_OPEN || failures >= failureLimit) {
            enter(State.OPEN);
            openUntilNs = nowNs + openNs;
        }
    }

    /** A call was not let finish, which says nothing of the store. */
    void abandoned(long ofTicket) {
        if (ofTicket == ticket && state == State.HALF_OPEN) {
            trialsUnderWay--;
        }
    }

    /** A body whose opening had succeeded came to its end. */
    void bodySucceeded() {
        bodyFailures = 0;
    }

    /** A body whose opening had succeeded broke off: as many in a row as failed calls open the breaker too. */
    void bodyFailed(long nowNs) {
        bodyFailures++;
        if (bodyFailures >= failureLimit && state != State.OPEN) {
            enter(State.OPEN);
            openUntilNs = nowNs + openNs;
        }
    }

    private void enter(State next) {
        bodyFailures = 0;
        state = next;
        ticket++;
        failures = 0;
        trialsUnderWay = 0;
        trialsPassed = 0;
    }

    State state() {
        return state;
    }

    /** How long no call will be made, at least a millisecond while one is refused. */
    int retryAfterMs(long nowNs) {
        long leftNs = state == State.OPEN ? openUntilNs - nowNs : 0;
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(leftNs), 1, Integer.MAX_VALUE);
    }
}
