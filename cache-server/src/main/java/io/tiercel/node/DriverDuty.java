package io.tiercel.node;

import io.aeron.Subscription;
import io.tiercel.shard.Duty;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Invokes media driver and Aeron client on the shard's thread: by the clock, not by the turn, since an idle invocation
 * costs more than a hit over IPC; at every turn only while UDP is busy, when each sends one datagram. Single writer:
 * shard agent.
 */
final class DriverDuty implements Duty {
    private static final long DRIVER_INTERVAL_NS = 20_000L;
    private static final long CONDUCTOR_INTERVAL_NS = 1_000_000L;
    private static final long UDP_BUSY_NS = 1_000_000L;

    private final @Nullable AgentInvoker driver;
    private final AgentInvoker conductor;
    private final @Nullable Subscription udp;
    private long nextDriverNs;
    private long nextConductorNs;
    private long busyUntilNs;
    private volatile boolean isOver;

    DriverDuty(@Nullable AgentInvoker driver, AgentInvoker conductor, @Nullable Subscription udp, long nowNs) {
        this.driver = driver;
        this.conductor = conductor;
        this.udp = udp;
        this.nextDriverNs = nowNs;
        this.nextConductorNs = nowNs;
        this.busyUntilNs = nowNs;
    }

    @Override
    public int doWork(long nowNs) {
        int work = 0;
        if (driver != null && (nowNs - nextDriverNs >= 0 || nowNs - busyUntilNs < 0)) {
            nextDriverNs = nowNs + DRIVER_INTERVAL_NS;
            work = driver.invoke();
            if (work > 0 && udp != null && !udp.hasNoImages()) {
                busyUntilNs = nowNs + UDP_BUSY_NS;
            }
        }
        if (nowNs - nextConductorNs >= 0) {
            nextConductorNs = nowNs + CONDUCTOR_INTERVAL_NS;
            work += conductor.invoke();
            isOver = !conductor.isRunning() || (driver != null && !driver.isRunning());
        }
        return work;
    }

    /**
     * Whether the driver ended, or the Aeron client gave it up for dead: neither comes back. A driver with threads of its
     * own that ends by itself says so to the client; one that only falls silent is given up after ten seconds. Any thread.
     */
    boolean isOver() {
        return isOver;
    }

    @Override
    public void onClose() {
        // What it invokes is closed by the thread that launched it.
    }
}
