package io.tiercel.shard;

import io.tiercel.load.StoreCalls;
import io.tiercel.tier.Clock;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;

/**
 * The shard's duty cycle: commands of other threads, outcomes of store calls, the tiers' upkeep, then the duties of
 * gateways and media driver. Single writer of everything behind it. It never blocks.
 */
public final class ShardAgent implements Agent {
    /** How often deadlines of loads are looked at: fine enough for timeouts in tens of milliseconds. */
    private static final long DEADLINE_CHECK_INTERVAL_NS = 5_000_000L;

    /** How long store calls may take to notice their interrupt before their memory is left mapped. */
    private static final long STORE_CALLS_TIMEOUT_NS = 5_000_000_000L;
    private static final long POLL_INTERVAL_NS = 1_000_000L;

    private final Shard shard;
    private final ShardTasks tasks;
    private final Clock clock;
    private final List<Duty> duties;
    private long nextDeadlineCheckNs;

    public ShardAgent(Shard shard, ShardTasks tasks, Clock clock, List<Duty> duties) {
        this.shard = shard;
        this.tasks = tasks;
        this.clock = clock;
        this.duties = List.copyOf(duties);
        this.nextDeadlineCheckNs = clock.nowNs();
    }

    @Override
    public void onStart() {
        tasks.runner(Thread.currentThread());
    }

    @Override
    public int doWork() {
        try {
            return turn();
        } catch (InternalError e) {
            // A mapped file was cut short, and nobody nearer knew whose request it was.
            shard.onMemoryFault();
            return 1;
        }
    }

    private int turn() {
        long nowNs = clock.nowNs();
        // Whoever adds a task wakes this thread: to spin for the next would only take the core of those who will.
        int work = tasks.run() ? 1 : 0;
        for (int i = 0, size = duties.size(); i < size; i++) {
            work += duties.get(i).doWork(nowNs);
        }
        work += shard.tiers().doWork(nowNs) + shard.waiters().doWork(nowNs);
        if (nowNs - nextDeadlineCheckNs >= 0) {
            nextDeadlineCheckNs = nowNs + DEADLINE_CHECK_INTERVAL_NS;
            work += shard.loads().checkDeadlines(nowNs) + shard.calls().checkDeadlines(nowNs)
                    + shard.commandDeadlines().check(nowNs) + shard.listings().checkIdle(nowNs);
        }
        return work;
    }

    /** Ends the duties, waits a bounded time for store calls to let go of mapped memory, closes the tiers. */
    @Override
    public void onClose() {
        // An interrupt that ended the agent would close every file that is still to be written.
        boolean isInterrupted = Thread.interrupted();
        shard.waiters().close();
        duties.forEach(Duty::onClose);
        StoreCalls calls = shard.calls();
        calls.shutDown();
        long deadlineNs = System.nanoTime() + STORE_CALLS_TIMEOUT_NS;
        while (calls.hasRunning() && System.nanoTime() - deadlineNs < 0) {
            tasks.run();
            LockSupport.parkNanos(POLL_INTERVAL_NS);
        }
        tasks.close();
        shard.tiers().close();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String roleName() {
        return "tiercel-shard";
    }
}
