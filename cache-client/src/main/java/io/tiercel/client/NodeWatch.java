package io.tiercel.client;

import io.tiercel.mapped.ControlFile;

/**
 * Tells from the control file whether the node still serves: its incarnation must stay and its beat move. Silence
 * counts only while somebody looks, so that a client that was stopped itself does not call its node dead. Threadsafe.
 */
final class NodeWatch {
    private static final long MAX_GAP_NS = 500_000_000L;

    private final ControlFile control;
    private final long incarnation;
    private final long silenceLimitNs;
    private long beat;
    private long beatAtNs;
    private long lookedAtNs;

    NodeWatch(ControlFile control, long incarnation, long silenceLimitNs, long nowNs) {
        this.control = control;
        this.incarnation = incarnation;
        this.silenceLimitNs = silenceLimitNs;
        this.beat = control.beatOpaque();
        this.beatAtNs = nowNs;
        this.lookedAtNs = nowNs;
    }

    /** Why the node counts as gone, or empty while it does not. */
    synchronized String goneBecause(long nowNs) {
        long found = control.incarnationVolatile();
        if (found != incarnation) {
            return found == 0L ? "the node has stopped" : "the node was restarted";
        }
        long seen = control.beatOpaque();
        if (seen != beat) {
            beat = seen;
            beatAtNs = nowNs;
        } else if (nowNs - lookedAtNs > MAX_GAP_NS) {
            beatAtNs += nowNs - lookedAtNs;
        }
        lookedAtNs = nowNs;
        long silentNs = nowNs - beatAtNs;
        return silentNs > silenceLimitNs
                ? "the node has not moved for " + silentNs / 1_000_000L + " ms (pid " + control.pid() + ")"
                : "";
    }

    /** Whether the beat moved since the watch began. */
    synchronized boolean hasBeaten() {
        return beat != control.beatOpaque();
    }
}
