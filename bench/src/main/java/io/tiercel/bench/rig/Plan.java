package io.tiercel.bench.rig;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a rig is to do, and so how long it takes: what it measures for as long as it says, all else as a machine of two cores
 * does it that builds are busy on as well. Immutable.
 */
record Plan(long measuredNs, int jvmCount, int programCount, int clientCount, long putCount, long carriedBytes) {
    static final Plan NOTHING = new Plan(0, 0, 0, 0, 0, 0);

    private static final long JVM_START_NS = TimeUnit.MILLISECONDS.toNanos(3_500);
    private static final long PROGRAM_START_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long CLIENT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PUT_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final double CARRIED_NS_A_BYTE = 10;

    /** And measures so often for so long, warm-ups included. */
    Plan measuring(long count, long ns) {
        return new Plan(measuredNs + count * ns, jvmCount, programCount, clientCount, putCount, carriedBytes);
    }

    /** And starts so many JVMs: nodes, peers or clients. */
    Plan jvms(int count) {
        return new Plan(measuredNs, jvmCount + count, programCount, clientCount, putCount, carriedBytes);
    }

    /** And starts so many peers that are no JVM. */
    Plan programs(int count) {
        return new Plan(measuredNs, jvmCount, programCount + count, clientCount, putCount, carriedBytes);
    }

    /** And connects so many clients. */
    Plan clients(int count) {
        return new Plan(measuredNs, jvmCount, programCount, clientCount + count, putCount, carriedBytes);
    }

    /** And puts so many values of a length. */
    Plan puts(long count, long length) {
        return new Plan(measuredNs, jvmCount, programCount, clientCount, putCount + count, carriedBytes + count
                * length);
    }

    /** And carries so many bytes besides those that are put and measured. */
    Plan carrying(long bytes) {
        return new Plan(measuredNs, jvmCount, programCount, clientCount, putCount, carriedBytes + bytes);
    }

    Plan and(Plan other) {
        return new Plan(measuredNs + other.measuredNs, jvmCount + other.jvmCount, programCount + other.programCount,
                clientCount + other.clientCount, putCount + other.putCount, carriedBytes + other.carriedBytes);
    }

    long ns() {
        return measuredNs + jvmCount * JVM_START_NS + programCount * PROGRAM_START_NS + clientCount * CLIENT_NS
                + putCount * PUT_NS + (long) (carriedBytes * CARRIED_NS_A_BYTE);
    }

    Duration duration() {
        return Duration.ofNanos(ns());
    }
}
