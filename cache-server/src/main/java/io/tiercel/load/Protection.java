package io.tiercel.load;

import io.tiercel.storage.RetryPolicy;

/**
 * What a store that is slow or failing may cost. Immutable.
 *
 * @param permits calls of the mount's store at a time.
 * @param timeoutMs time that one request may take to open, describe, delete or list; bodies have {@code load.deadline}.
 * @param retry tries of one load.
 * @param retryBudget retries for each first try, over time; 0.2 adds a fifth to what a failing store is asked.
 * @param breakerFailures failures in a row after which the store is asked no more.
 * @param breakerOpenMs for how long.
 * @param breakerTrials calls at a time that then find out whether it is back, and successes that show it.
 */
public record Protection(int permits, long timeoutMs, RetryPolicy retry, double retryBudget, int breakerFailures,
        long breakerOpenMs, int breakerTrials) {
    public static final Protection USUAL = new Protection(64, 10_000, RetryPolicy.USUAL, 0.2, 5, 30_000, 3);

    /** The same with another time for one request. */
    public Protection withTimeout(long newTimeoutMs) {
        return new Protection(permits, newTimeoutMs, retry, retryBudget, breakerFailures, breakerOpenMs, breakerTrials);
    }

    /** The same with another number of calls at a time. */
    public Protection withPermits(int newPermits) {
        return new Protection(newPermits, timeoutMs, retry, retryBudget, breakerFailures, breakerOpenMs, breakerTrials);
    }

    /** The same with other tries. */
    public Protection withRetry(RetryPolicy newRetry, double newBudget) {
        return new Protection(permits, timeoutMs, newRetry, newBudget, breakerFailures, breakerOpenMs, breakerTrials);
    }

    /** The same with another breaker. */
    public Protection withBreaker(int failures, long openMs, int trials) {
        return new Protection(permits, timeoutMs, retry, retryBudget, failures, openMs, trials);
    }
}
