package io.tiercel.cli.demo;

import com.sun.management.ThreadMXBean;
import io.tiercel.cli.demo.CallTimer.Call;
import java.lang.management.ManagementFactory;

/** Heap bytes that this thread allocates. Threadsafe. */
final class ThreadAllocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private ThreadAllocation() {}

    /** Bytes that the calling thread has allocated so far. */
    static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Bytes of one call, rounded down over many. */
    static long perCall(int count, Call call) throws Exception {
        long before = bytes();
        for (int i = 0; i < count; i++) {
            call.run();
        }
        return (bytes() - before) / count;
    }
}
