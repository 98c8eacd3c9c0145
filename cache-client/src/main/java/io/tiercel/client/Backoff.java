package io.tiercel.client;

/**
 * How long to pause between polls that found nothing: not at all at first, then a sixteenth of the time already
 * waited, so that a reply is noticed late by 6 % at most, and never more than a millisecond. Not threadsafe.
 */
final class Backoff {
    static final long MAX_PARK_NS = 1_000_000L;
    private static final long SPIN_NS = 100_000L;

    private boolean isIdle;
    private long idleSinceNs;

    /** Something happened: start over. */
    void reset() {
        isIdle = false;
    }

    /** Nanoseconds to pause; 0 means poll again at once. */
    long pauseNs(long nowNs) {
        if (!isIdle) {
            isIdle = true;
            idleSinceNs = nowNs;
        }
        long idleNs = nowNs - idleSinceNs;
        return idleNs < SPIN_NS ? 0L : Math.min(MAX_PARK_NS, idleNs >> 4);
    }
}
