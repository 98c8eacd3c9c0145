package io.tiercel.bench.soak;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.agrona.CloseHelper;

/**
 * One soak: a node in a process of its own, before a cache-only mount, a folder of files that change, and a web server
 * that fails; three clients (mapped, streamed, HTTP) that do everything at once; a process that holds leases. Now and then
 * the node is killed and started again, the lease holder is killed with its leases, or the web server turns worse: when,
 * is counted in operations and follows from the seed.
 *
 * <p>It goes on for its time, and until every kind of fault was there once; then the faults end, and every key must be
 * answered without an error, in time. It ends at the first violation.
 */
final class SoakRun {
    private static final int WORKERS = 3;
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long TELL_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long CALM_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long END_TIMEOUT_MS = 60_000;
    private static final int LEAST_BETWEEN_FAULTS = 150;
    private static final int MOST_BETWEEN_FAULTS = 1_500;

    private final Path work;
    private final Path driverFolder;
    private final long seed;
    private final PrintWriter out;
    private final UnaryOperator<SoakClient> wrapping;
    private final SoakTally tally = new SoakTally();
    private final SoakKeys keys = new SoakKeys(WORKERS);
    private final SplittableRandom random;
    private volatile boolean isOver;
    private long toldNs;

    /**
     * @param work for the node and its stores.
     * @param driverFolder for the media driver, in shared memory.
     * @param wrapping what the workers take for their clients: these themselves, but in tests of the checker.
     */
    SoakRun(Path work, Path driverFolder, long seed, PrintWriter out, UnaryOperator<SoakClient> wrapping) {
        this.work = work;
        this.driverFolder = driverFolder;
        this.seed = seed;
        this.out = out;
        this.wrapping = wrapping;
        this.random = new SplittableRandom(seed);
    }

    /** Whether the promise held. */
    boolean run(long durationNs) {
        out.println("soak: seed=" + seed + " seconds=" + TimeUnit.NANOSECONDS.toSeconds(durationNs) + " dir=" + work);
        Path folder = work.resolve(SoakKeys.FILES);
        FileStore files = new FileStore(folder, SoakKeys.FILES);
        try (FlakyStore flaky = new FlakyStore(SoakKeys.FLAKY, seed);
                SoakNode node = new SoakNode(work, driverFolder, folder, flaky.uri());
                LeaseHolders holders = new LeaseHolders(node.dir(), tally, seed)) {
            SoakStores stores = new SoakStores(files, flaky);
            holders.start();
            List<Thread> threads = startWorkers(node, stores);
            try {
                disturb(durationNs, node, flaky, holders);
            } finally {
                isOver = true;
                join(threads);
            }
            flaky.faultPercent(0);
            if (tally.violation() == null) {
                requireCalm(node);
            }
            out.println("soak: " + tally.told() + " storeFaults=" + flaky.faults());
        }
        String violation = tally.violation();
        if (violation != null) {
            out.println("soak: FAILED with --seed " + seed + ": " + violation);
        }
        out.flush();
        return violation == null;
    }

    private List<Thread> startWorkers(SoakNode node, SoakStores stores) {
        List<SoakClient> clients = List.of(new LibraryClient(node.dir(), false), new LibraryClient(node.dir(), true),
                new HttpSoakClient(node::httpEndpoint));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            SoakWorker worker = new SoakWorker(i, keys, tally, wrapping.apply(clients.get(i)), stores, node::number,
                    () -> isOver, seed + i);
            threads.add(Thread.ofPlatform().daemon().name("soak-worker-" + i).start(worker));
        }
        return threads;
    }

    /** Kills and storms until the time is over and everything was there once. */
    private void disturb(long durationNs, SoakNode node, FlakyStore flaky, LeaseHolders holders) {
        long endNs = System.nanoTime() + durationNs;
        toldNs = System.nanoTime();
        long next = nextFault();
        int fault = 0;
        while (tally.violation() == null && (System.nanoTime() - endNs < 0 || !wasDisturbed(flaky))) {
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
            tellNowAndThen();
            if (!node.isAlive()) {
                tally.violate("the node ended by itself");
            } else if (tally.doneCount() >= next && (fault % 3 != 1 || holders.isHolding())) {
                disturb(fault, node, flaky, holders);
                fault++;
                next = nextFault();
            }
        }
    }

    private void disturb(int fault, SoakNode node, FlakyStore flaky, LeaseHolders holders) {
        switch (fault % 3) {
            case 0 -> flaky.faultPercent(fault % 2 == 0 ? 30 : 5);
            case 1 -> {
                holders.killAndRestart();
                tally.readerDeaths.increment();
            }
            default -> {
                node.killAndRestart();
                tally.kills.increment();
            }
        }
    }

    private long nextFault() {
        return tally.doneCount() + LEAST_BETWEEN_FAULTS + random.nextInt(MOST_BETWEEN_FAULTS - LEAST_BETWEEN_FAULTS);
    }

    private boolean wasDisturbed(FlakyStore flaky) {
        return tally.kills.sum() > 0 && tally.readerDeaths.sum() > 0 && flaky.faults() > 0;
    }

    private void tellNowAndThen() {
        long nowNs = System.nanoTime();
        if (nowNs - toldNs >= TELL_INTERVAL_NS) {
            toldNs = nowNs;
            out.println("soak: " + tally.told());
            out.flush();
        }
    }

    private void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join(END_TIMEOUT_MS);
                if (thread.isAlive()) {
                    tally.violate(thread.getName() + " hangs: no deadline ended its call");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tally.violate("interrupted");
        }
    }

    /** With no fault left every key is answered, by a value or a miss. */
    private void requireCalm(SoakNode node) {
        SoakClient client = new LibraryClient(node.dir(), false);
        try {
            keys.all().forEach(key -> requireAnswer(client, key));
        } finally {
            CloseHelper.close(client);
        }
    }

    private void requireAnswer(SoakClient client, SoakKey key) {
        long deadlineNs = System.nanoTime() + CALM_TIMEOUT_NS;
        while (tally.violation() == null) {
            try {
                long floor = key.floor();
                byte[] bytes = client.read(key.name);
                String defect = bytes == null ? "" : key.defectOf(bytes, floor);
                if (!defect.isEmpty()) {
                    tally.violate("read of " + key.name + " after all: " + defect);
                }
                return;
            } catch (TiercelException e) {
                tally.failed(e.code());
                if (e.code() == ErrorCode.INVALID_KEY) {
                    return; // a folder is in the place of its file
                }
                if (System.nanoTime() - deadlineNs > 0) {
                    tally.violate("read of " + key.name + " fails without a fault: " + e.code() + ": "
                            + e.getMessage());
                }
                LockSupport.parkNanos(LOOK_INTERVAL_NS);
            }
        }
    }
}
