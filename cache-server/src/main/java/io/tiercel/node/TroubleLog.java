package io.tiercel.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of errors that may come at every turn: each kind is told when it comes up, and then once a minute with how
 * often it came. Never fails itself: who reports here has to go on. Threadsafe.
 */
final class TroubleLog {
    private static final Logger LOG = LoggerFactory.getLogger(TroubleLog.class);

    private static final long REPEAT_NS = TimeUnit.MINUTES.toNanos(1);

    private final String source;
    private final boolean isTracing;
    /** By class of the error, of which there are few. */
    private final Map<Class<?>, Kind> kinds = new ConcurrentHashMap<>();

    /**
     * @param source what the lines begin with.
     * @param isTracing whether to add a stack trace: for what nobody expects.
     */
    TroubleLog(String source, boolean isTracing) {
        this.source = source;
        this.isTracing = isTracing;
    }

    void report(Throwable error) {
        report(error, System.nanoTime());
    }

    /** Answers whether the log was told. */
    boolean report(Throwable error, long nowNs) {
        long count = kinds.computeIfAbsent(error.getClass(), type -> new Kind()).count(nowNs);
        if (count == 0L) {
            return false;
        }
        try {
            String times = count == 1L ? "" : " (" + count + " times)";
            LOG.error("{}: {}{}", source, error.toString(), times, isTracing ? error : null);
        } catch (LinkageError e) {
            // Without descriptors a class of the log itself may not be found.
            System.err.println(source + ": " + error);
        }
        return true;
    }

    private static final class Kind {
        private long untold;
        private long toldNs;
        private boolean isTold;

        /** How often it came since it was told, or 0 when it need not be told now. */
        synchronized long count(long nowNs) {
            untold++;
            if (isTold && nowNs - toldNs < REPEAT_NS) {
                return 0L;
            }
            long count = untold;
            untold = 0L;
            toldNs = nowNs;
            isTold = true;
            return count;
        }
    }
}
