package io.tiercel.bench.rig;

import io.tiercel.TiercelException;
import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Load;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.node.NodePath;
import io.tiercel.bench.node.NodeServer;
import io.tiercel.bench.node.Storm;
import io.tiercel.client.Mode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much longer do reads take while the node does something else: drops prefixes that the reader does not read, evicts
 * since it is full and is written to, or rebuilds its index after it was killed?
 *
 * <p>One reader in a closed loop, mapped and over IPC, values of 64 B. What interferes comes at a fixed rate from a thread
 * of this process that naps in between, so that it takes little of the two cores. The answer is the ratio to the quiet run
 * before; for invalidations quiet and storm take turns, after one of each that is not counted, since a shared machine is
 * not as fast in one moment as in the next. During eviction and rebuilding a read may miss, or end in a typed error: both
 * are counted as misses.
 */
final class InterferenceRig implements Rig {
    static final String NAME = "interference";

    private static final int LENGTH = 64;
    private static final int KEY_COUNT = 64;
    private static final int INVALIDATIONS_A_SECOND = 2_000;
    private static final int PUTS_A_SECOND = 1_000;
    private static final int PUT_LENGTH = 64 << 10;
    private static final long FULL_CAPACITY = 32L << 20;
    private static final long REBUILT_CAPACITY = 1L << 30;
    private static final int REBUILT_LENGTH = 1_000;
    private static final String QUIET = "quiet";
    private static final String INVALIDATIONS = "invalidations";

    private final long warmUpNs;
    private final long runNs;
    private final int rebuiltCount;
    private final int turns;
    private final List<Mode> modes;

    private record Stormy(Figures figures, long invalidations) {}

    /**
     * @param rebuiltCount frames that are there when a node is killed.
     * @param turns        of quiet and of a storm of invalidations, all of them together as long as one run.
     */
    InterferenceRig(long warmUpMs, long runMs, int rebuiltCount, int turns, List<Mode> modes) {
        this.warmUpNs = TimeUnit.MILLISECONDS.toNanos(warmUpMs);
        this.runNs = TimeUnit.MILLISECONDS.toNanos(runMs);
        this.rebuiltCount = rebuiltCount;
        this.turns = turns;
        this.modes = modes;
    }

    static InterferenceRig of(boolean isQuick) {
        return isQuick
                ? new InterferenceRig(150, 500, 20_000, 1, List.of(Mode.MAPPED))
                : new InterferenceRig(8_000, 5_000, 500_000, 5, List.of(Mode.MAPPED, Mode.IPC));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "how much longer reads take while the node drops, evicts or rebuilds";
    }

    @Override
    public String doesNotMeasure() {
        return "several of these at a time, files that are not in the page cache";
    }

    @Override
    public Plan plan() {
        Plan plan = Plan.NOTHING;
        for (int i = 0; i < modes.size(); i++) {
            plan = plan.and(invalidationsPlan()).and(evictionPlan());
        }
        return plan;
    }

    private Plan invalidationsPlan() {
        return Plan.NOTHING.jvms(2).clients(5 + turns).puts(rebuiltCount, REBUILT_LENGTH).measuring(2, warmUpNs)
                .measuring(3, runNs);
    }

    private Plan evictionPlan() {
        long fillingNs = TimeUnit.SECONDS.toNanos(2 * FULL_CAPACITY / PUT_LENGTH / PUTS_A_SECOND + 1);
        return Plan.NOTHING.jvms(1).clients(3).measuring(1, fillingNs).measuring(2, warmUpNs).measuring(2, runNs);
    }

    @Override
    public Duration budget(boolean isQuick) {
        return isQuick ? Duration.ofSeconds(23) : Duration.ofMinutes(6);
    }

    @Override
    public void run(RigRun run) {
        for (Mode mode : modes) {
            run.attempt(row(mode, INVALIDATIONS), "", invalidationsPlan().ns(), () -> invalidationsAndRebuild(run,
                    mode));
            run.attempt(row(mode, "eviction"), "", evictionPlan().ns(), () -> eviction(run, mode));
        }
    }

    private void invalidationsAndRebuild(RigRun run, Mode mode) {
        Payloads payloads = new Payloads(LENGTH, KEY_COUNT);
        try (NodeServer node = NodeServer.start(REBUILT_CAPACITY)) {
            node.put(new Payloads(REBUILT_LENGTH, rebuiltCount));
            node.fill(payloads);
            Figures quiet;
            try (ReadPath path = NodePath.open(node, mode, payloads)) {
                quiet = invalidations(run, mode, node, path);
            }
            node.killAndRestart();
            try (ReadPath path = new TolerantPath(NodePath.open(node, mode, payloads))) {
                Figures loud = Loads.run(path, Load.closed(runNs));
                run.add(compared(mode, "rebuild", loud, quiet, defectBesidesMisses(loud), rebuiltCount));
            }
        }
    }

    /** Adds the rows of quiet and of the storm; answers the quiet one's figures. */
    private Figures invalidations(RigRun run, Mode mode, NodeServer node, ReadPath path) {
        Loads.run(path, Load.closed(warmUpNs));
        inStorm(node, path, warmUpNs);
        Figures quiet = Loads.nothing();
        Figures loud = Loads.nothing();
        long count = 0;
        for (int turn = 0; turn < turns; turn++) {
            quiet = quiet.then(Loads.run(path, Load.closed(runNs / turns)));
            Stormy stormy = inStorm(node, path, runNs / turns);
            loud = loud.then(stormy.figures);
            count += stormy.invalidations;
        }
        run.add(row(mode, QUIET).with("before", INVALIDATIONS).figures(quiet, quiet.defect()));
        run.add(compared(mode, INVALIDATIONS, loud, quiet, loud.defect(), count));
        return quiet;
    }

    private static Stormy inStorm(NodeServer node, ReadPath path, long durationNs) {
        try (Storm storm = Storm.ofInvalidations(node, INVALIDATIONS_A_SECOND)) {
            return new Stormy(Loads.run(path, Load.closed(durationNs)), storm.count());
        }
    }

    private void eviction(RigRun run, Mode mode) {
        Payloads payloads = new Payloads(LENGTH, KEY_COUNT);
        try (NodeServer node = NodeServer.start(FULL_CAPACITY)) {
            node.fill(payloads);
            try (ReadPath path = new TolerantPath(NodePath.open(node, mode, payloads))) {
                Figures quiet = quiet(run, mode, path, "eviction");
                try (Storm storm = Storm.ofPuts(node, PUTS_A_SECOND, PUT_LENGTH)) {
                    // Until it is full, with the reader at work, so that its values are known to be wanted.
                    while (storm.count() * PUT_LENGTH < 2 * FULL_CAPACITY && !run.isOver(runNs)) {
                        Loads.run(path, Load.closed(warmUpNs));
                    }
                    long before = storm.count();
                    Figures loud = Loads.run(path, Load.closed(runNs));
                    run.add(compared(mode, "eviction", loud, quiet, defectBesidesMisses(loud), storm.count() - before));
                }
            }
        }
    }

    private Figures quiet(RigRun run, Mode mode, ReadPath path, String before) {
        Loads.run(path, Load.closed(warmUpNs));
        Figures quiet = Loads.run(path, Load.closed(runNs));
        run.add(row(mode, QUIET).with("before", before).figures(quiet, quiet.defect()));
        return quiet;
    }

    private static String defectBesidesMisses(Figures figures) {
        return figures.hits() == 0 ? figures.defect() : "";
    }

    /** @param count of what interfered. */
    private static Row compared(Mode mode, String load, Figures loud, Figures quiet, String defect, long count) {
        return row(mode, load).figures(loud, defect).with("interferences", count).with("baseline", QUIET)
                .with("ratioOf", Row.P99)
                .with("ratioToBaseline", loud.percentileNs(99) / (double) quiet.percentileNs(99))
                .with("ratioOfP50", loud.percentileNs(50) / (double) quiet.percentileNs(50));
    }

    private static Row row(Mode mode, String load) {
        return new Row(NAME, mode == Mode.MAPPED ? Systems.MAPPED : Systems.IPC, LENGTH).with("load", load).with(
                "clients", 1);
    }

    /** A way on which a typed error is a read that found nothing; wrong bytes are not. */
    private record TolerantPath(ReadPath path) implements ReadPath {
        @Override
        public boolean read() {
            try {
                return path.read();
            } catch (TiercelException e) {
                return false;
            }
        }

        @Override
        public void close() {
            path.close();
        }
    }
}
