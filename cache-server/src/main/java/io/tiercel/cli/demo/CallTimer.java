package io.tiercel.cli.demo;

import io.tiercel.cli.demo.Finding.Latency;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Times a call many times over, once it is warm. Not threadsafe. */
final class CallTimer {
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(4);

    /** What is timed. */
    interface Call {
        void run() throws Exception;
    }

    private CallTimer() {}

    /** Runs the call up to so many times, and no longer than a few seconds; a tenth of them first, untimed. */
    static Latency time(String name, long payloadLength, int count, Call call) throws Exception {
        repeat(count / 10, call, new Histogram(HIGHEST_NS, 3));
        Histogram histogram = new Histogram(HIGHEST_NS, 3);
        repeat(count, call, histogram);
        return new Latency(name, payloadLength, histogram.getTotalCount(), histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99));
    }

    private static void repeat(int count, Call call, Histogram into) throws Exception {
        long beginNs = System.nanoTime();
        long beforeNs = beginNs;
        for (int i = 0; i < count && beforeNs - beginNs < LIMIT_NS; i++) {
            call.run();
            long afterNs = System.nanoTime();
            into.recordValue(Math.min(afterNs - beforeNs, HIGHEST_NS));
            beforeNs = afterNs;
        }
    }
}
