package io.tiercel.load;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for calls that block: as many as there are calls at a time, each kept for the next call for a while. They are
 * daemons, so that a call that is deaf to interrupts keeps no process up.
 *
 * <p>They are no virtual ones, of which as few run as there are processors: a file of a disk that hangs keeps a virtual
 * thread's carrier, and as many of those as there are processors would stop the calls of every other store.
 */
final class CallThreads {
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    CallThreads() {
        this(Thread.ofPlatform().daemon().name("tiercel-store-", 1).factory());
    }

    CallThreads(ThreadFactory factory) {
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
                new SynchronousQueue<>(), factory);
    }

    /**
     * Runs a call on a thread of its own, from now on.
     *
     * @throws OutOfMemoryError when the system has no more threads; it does not run then.
     */
    void execute(Runnable call) {
        threads.execute(call);
    }

    /** Keeps no thread any more that has no call; further calls still get one. */
    void keepNone() {
        threads.setKeepAliveTime(0, TimeUnit.SECONDS);
    }
}
