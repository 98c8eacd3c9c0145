package io.tiercel.tier;

import io.tiercel.mapped.FrameFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

/**
 * Whether frames have expired, and for how long they stay then. A frame says itself when it expires; one that was found
 * unchanged since has a later end, which is kept here, by its sequence: forgotten at a restart, when it is asked for
 * anew. Single writer: the shard agent.
 */
final class Lifetimes {
    /** Renewed frames that are known at a time, 24 bytes each: past it the frames are loaded whole. */
    private static final int MOST_RENEWED = 1 << 20;
    private static final long NOT_RENEWED = 0L;

    private final Clock clock;
    private final Retention retention;
    private final Long2LongHashMap renewed = new Long2LongHashMap(NOT_RENEWED);

    Lifetimes(Clock clock, Retention retention) {
        this.clock = clock;
        this.retention = retention;
    }

    /** When a frame expires, in ms since 1970, 0 for never. */
    long expiresAtMs(FrameFlyweight frame) {
        long own = frame.expiresAtMs();
        return own == 0L || renewed.isEmpty() ? own : Math.max(own, renewed.get(frame.sequence()));
    }

    /** Whether a lifetime is over; one that began in the future is not believed. */
    boolean isOver(long expiresAtMs, long storedAtMs) {
        if (expiresAtMs == 0L) {
            return false;
        }
        long nowMs = clock.nowMs();
        return nowMs >= expiresAtMs || nowMs < storedAtMs;
    }

    boolean isExpired(FrameFlyweight frame) {
        long own = frame.expiresAtMs();
        return own != 0L && isOver(own, frame.storedAtMs()) && isOver(expiresAtMs(frame), frame.storedAtMs());
    }

    /** Whether an expired frame stays all the same, to be found stale. */
    boolean isRetained(FrameFlyweight expired, DirectBuffer key, int offset, int length) {
        long nowMs = clock.nowMs();
        return nowMs >= expired.storedAtMs() && nowMs - expiresAtMs(expired) < retention.graceMs(key, offset, length);
    }

    /** When a frame's memory is due, in ms since 1970, 0 for never. */
    long endMs(FrameFlyweight frame, DirectBuffer key, int offset, int length) {
        long expiresAtMs = expiresAtMs(frame);
        boolean isFuture = expiresAtMs == 0L || expiresAtMs > clock.nowMs();
        return isFuture ? expiresAtMs : expiresAtMs + retention.graceMs(key, offset, length);
    }

    /** Has a frame expire later. Answers false when there is no room to note it. */
    boolean renew(FrameFlyweight frame, long expiresAtMs) {
        if (renewed.size() >= MOST_RENEWED) {
            long nowMs = clock.nowMs();
            renewed.values().removeIfLong(end -> end <= nowMs);
        }
        if (renewed.size() >= MOST_RENEWED) {
            return false;
        }
        renewed.put(frame.sequence(), expiresAtMs);
        return true;
    }

    /** The frame is dead. */
    void forget(FrameFlyweight dead) {
        if (!renewed.isEmpty()) {
            renewed.remove(dead.sequence());
        }
    }

    int renewedCount() {
        return renewed.size();
    }
}
