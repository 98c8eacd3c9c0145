package io.tiercel.tier;

import io.tiercel.mapped.ControlFile;
import io.tiercel.segment.BootId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock as it was at the start plus the monotonic time since: a jump of the wall clock moves no expiry.
 * Threadsafe.
 *
 * <p>A node that goes on with a directory goes on with its clock too: within one boot of the machine by the monotonic
 * time that has passed since, whatever the wall clock says by now; after another boot by the wall clock, but never to
 * before the moment at which the last node stopped. So nothing that has expired comes back.
 */
public final class NodeClock implements Clock {
    /** A clock further ahead of the wall clock than this is taken for damage. */
    private static final long MOST_AHEAD_MS = TimeUnit.DAYS.toMillis(366);

    private final long startMs;
    private final long startNs;

    /** A clock that follows no other. */
    public NodeClock() {
        this(System.currentTimeMillis(), System.nanoTime());
    }

    private NodeClock(long startMs, long startNs) {
        this.startMs = startMs;
        this.startNs = startNs;
    }

    /** The clock of a directory, which may be new. */
    public static NodeClock of(Path directory) {
        return of(directory, System.currentTimeMillis());
    }

    /** The same where the wall clock says this. */
    public static NodeClock of(Path directory, long wallMs) {
        long nowNs = System.nanoTime();
        Path file = new StorePaths(directory).control();
        if (!Files.exists(file)) {
            return new NodeClock(wallMs, nowNs);
        }
        try (ControlFile control = ControlFile.open(file, false)) {
            boolean sameBoot = control.boot() == BootId.numberOf(BootId.current());
            return new NodeClock(startMs(control.clockMsOpaque(), nowNs - control.clockMomentNs(), sameBoot, wallMs),
                    nowNs);
        } catch (IOException e) {
            // A file that cannot be used is made anew when the directory is opened, and the tiers start empty.
            return new NodeClock(wallMs, nowNs);
        }
    }

    /** The time to start with, where another node's clock said {@code beforeMs} so many monotonic ns ago. */
    static long startMs(long beforeMs, long passedNs, boolean sameBoot, long wallMs) {
        if (beforeMs <= 0 || beforeMs > wallMs + MOST_AHEAD_MS) {
            return wallMs;
        }
        return sameBoot && passedNs >= 0
                ? beforeMs + TimeUnit.NANOSECONDS.toMillis(passedNs)
                : Math.max(wallMs, beforeMs);
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
