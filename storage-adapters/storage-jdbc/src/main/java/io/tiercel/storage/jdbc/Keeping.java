package io.tiercel.storage.jdbc;

import java.util.concurrent.TimeUnit;

/**
 * How long versions stay that no path leads to, by the clock of the database. Immutable and threadsafe.
 *
 * @param replacedMs a version that was replaced or removed: reads of it that are under way may finish until then.
 * @param unfinishedMs a write from its last step on: what has not moved for so long is taken for dead, and fails if it
 *     is not.
 * @param sweepIntervalMs least time between two looks for what may go.
 */
record Keeping(long replacedMs, long unfinishedMs, long sweepIntervalMs) {
    static final long DEFAULT_REPLACED_MS = TimeUnit.MINUTES.toMillis(10);
    private static final long UNFINISHED_MS = TimeUnit.HOURS.toMillis(1);
    private static final long SWEEP_INTERVAL_MS = TimeUnit.MINUTES.toMillis(1);

    static Keeping replacedFor(long ms) {
        return new Keeping(ms, UNFINISHED_MS, SWEEP_INTERVAL_MS);
    }
}
