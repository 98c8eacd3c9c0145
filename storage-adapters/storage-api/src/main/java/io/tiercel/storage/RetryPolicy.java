package io.tiercel.storage;

import java.util.random.RandomGenerator;

/**
 * How often a call of a store is tried, and how long between two tries: any time up to a limit that doubles from try to try
 * (full jitter), and what the store asked for where it did. Immutable and threadsafe.
 *
 * @param attempts tries in all, at least 1.
 * @param baseMs limit of the first wait.
 * @param capMs limit of all of them; a store that asks for more is not tried again.
 */
public record RetryPolicy(int attempts, long baseMs, long capMs) {
    /** Three tries over about half a second. */
    public static final RetryPolicy USUAL = new RetryPolicy(3, 200, 10_000);
    /** One try. */
    public static final RetryPolicy NONE = new RetryPolicy(1, 0, 0);

    /** @throws IllegalArgumentException when there is no try at all, or a time is negative. */
    public RetryPolicy {
        if (attempts < 1 || baseMs < 0 || capMs < 0) {
            throw new IllegalArgumentException(
                    "retry of attempts=" + attempts + " baseMs=" + baseMs + " capMs=" + capMs + " makes no sense");
        }
    }

    /** Milliseconds to wait after a failure of a try (counted from 1), -1 when it was the last. */
    public long delayMs(int attempt, StorageException failure, RandomGenerator random) {
        boolean worthIt = failure.kind() == StorageException.Kind.UNAVAILABLE && attempt < attempts
                && failure.retryAfterMs() <= capMs;
        if (!worthIt) {
            return -1;
        }
        long limitMs = Math.min(capMs, baseMs << Math.min(attempt - 1, Long.numberOfLeadingZeros(baseMs) - 1));
        return Math.max(failure.retryAfterMs(), random.nextLong(limitMs + 1));
    }
}
