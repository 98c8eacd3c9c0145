package io.tiercel.tier;

import java.util.concurrent.TimeUnit;

/**
 * The wall clock as it was at the start plus the monotonic time since: a jump of the wall clock moves no expiry.
 * Threadsafe.
 */
public final class NodeClock implements Clock {
    private final long startMs;
    private final long startNs;

    public NodeClock() {
        this.startMs = System.currentTimeMillis();
        this.startNs = System.nanoTime();
    }

    @Override
    public long nowMs() {
        return startMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }
}
