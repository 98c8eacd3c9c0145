package io.tiercel.tier;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the mapped tier at the moment. Each trouble is told to the log when it begins and when it is over,
 * and stands in the node's status meanwhile. Single writer: the shard agent.
 */
final class TierHealth {
    /** What may be wrong, the worst first. */
    enum Trouble {
        /** The index cannot be read: nothing is found in segments and nothing is written to them until a restart. */
        INDEX_LOST,
        /** The control file cannot be read: clients cannot map, and invalidations fail, until a restart. */
        CONTROL_LOST,
        /** Files were cut short; what they held is gone. Lasts until a restart, as a thing to look into. */
        FILES_CUT_SHORT,
        /** A mapping faulted and nobody knows why. */
        UNKNOWN_FAULT,
        /** Mapped files have lost their names: they serve on, and are gone after a restart. */
        FILES_GONE,
        /** The disk gives no new file: what there is is used again. */
        NO_NEW_FILES,
        /** Leases, reads and writes hold every segment: writes are refused. */
        ALL_PINNED
    }

    private static final Logger LOG = LoggerFactory.getLogger(TierHealth.class);

    private final Map<Trouble, String> troubles = new EnumMap<>(Trouble.class);
    private boolean faulted;

    /** Notes a trouble; while it lasts, further notes change nothing. */
    void raise(Trouble trouble, String reason) {
        if (troubles.putIfAbsent(trouble, reason) == null) {
            LOG.warn("mapped tier: {}: {}", trouble, reason);
        }
    }

    /** The trouble is over, if there was one. */
    void clear(Trouble trouble) {
        if (troubles.remove(trouble) != null) {
            LOG.info("mapped tier: {} is over", trouble);
        }
    }

    /** A touch of mapped memory failed: the next turn looks why. */
    void onFault() {
        faulted = true;
    }

    /** Whether memory faulted since this was last asked. */
    boolean takeFault() {
        boolean taken = faulted;
        faulted = false;
        return taken;
    }

    /** Whether segments can neither be searched nor written. */
    boolean isOff() {
        return troubles.containsKey(Trouble.INDEX_LOST);
    }

    /** {@code ok}, {@code degraded} or {@code off}. */
    String state() {
        return isOff() ? "off" : troubles.isEmpty() ? "ok" : "degraded";
    }

    /** What is wrong, the worst first; empty when nothing is. */
    String reason() {
        StringBuilder reason = new StringBuilder();
        troubles.forEach((trouble, why) -> reason.append(reason.isEmpty() ? "" : "; ").append(why));
        return reason.toString();
    }
}
