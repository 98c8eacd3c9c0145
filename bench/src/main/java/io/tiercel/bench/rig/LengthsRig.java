package io.tiercel.bench.rig;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Load;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.node.NodePath;
import io.tiercel.bench.node.NodeServer;
import io.tiercel.client.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * Does a repeat get of a mapped client take longer where the value is longer?
 *
 * <p>One reader a length, each in a closed loop, in turns of a fraction of a second: what else the machine does then falls
 * on all of them alike, where rig {@code latency} measures them minutes apart. As many keys of each length, so that
 * caches hold as much of what a read touches; of the longest there is one, for its bytes. The answer is the ratio to the shortest.
 */
final class LengthsRig implements Rig {
    static final String NAME = "lengths";

    private static final int KEY_COUNT = 16;
    private static final int TURNS = 20;
    private static final long FEW_KEYS_FROM = 64 << 20;
    private static final long ROOM = 256L << 20;

    private final List<Integer> lengths;
    private final long warmUpNs;
    private final long runNs;

    /** @param lengths of values, the shortest first. */
    LengthsRig(List<Integer> lengths, long warmUpMs, long runMs) {
        this.lengths = lengths;
        this.warmUpNs = TimeUnit.MILLISECONDS.toNanos(warmUpMs);
        this.runNs = TimeUnit.MILLISECONDS.toNanos(runMs);
    }

    static LengthsRig of() {
        return new LengthsRig(List.of(64, 4 << 10, 64 << 10, 1 << 20, 300 << 20), 2_000, 4_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "whether a mapped repeat get takes longer where the value is longer";
    }

    @Override
    public String doesNotMeasure() {
        return "reading more of a value than its first 8 bytes, more keys than a processor's caches hold";
    }

    @Override
    public Plan plan() {
        Plan plan = Plan.NOTHING.jvms(1).clients(2 * lengths.size()).measuring(lengths.size(), warmUpNs + runNs);
        for (int length : lengths) {
            plan = plan.puts(keyCount(length), length);
        }
        return plan;
    }

    @Override
    public Duration budget(boolean isQuick) {
        return Duration.ofSeconds(70);
    }

    @Override
    public void run(RigRun run) {
        run.attempt(row(lengths.get(0)), "", plan().ns(), () -> measure(run));
    }

    private void measure(RigRun run) {
        List<ReadPath> paths = new ArrayList<>();
        try (NodeServer node = NodeServer.start(capacity())) {
            for (int length : lengths) {
                Payloads payloads = new Payloads(length, keyCount(length));
                node.fill(payloads);
                paths.add(NodePath.open(node, Mode.MAPPED, payloads));
            }
            Figures[] figures = inTurns(paths);
            for (int i = 0; i < figures.length; i++) {
                run.add(row(lengths.get(i)).figures(figures[i], figures[i].defect()).with("baseline", Systems.MAPPED)
                        .with("ratioOf", Row.P50).with("ratioToBaseline",
                                figures[i].percentileNs(50) / (double) figures[0].percentileNs(50)));
            }
        } finally {
            CloseHelper.quietCloseAll(paths);
        }
    }

    private Figures[] inTurns(List<ReadPath> paths) {
        Figures[] figures = new Figures[paths.size()];
        for (int i = 0; i < figures.length; i++) {
            Loads.run(paths.get(i), Load.closed(warmUpNs));
            figures[i] = Loads.nothing();
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < figures.length; i++) {
                figures[i] = figures[i].then(Loads.run(paths.get(i), Load.closed(runNs / TURNS)));
            }
        }
        return figures;
    }

    private long capacity() {
        long bytes = ROOM;
        for (int length : lengths) {
            bytes += 2L * keyCount(length) * length;
        }
        return bytes;
    }

    private static int keyCount(int length) {
        return length < FEW_KEYS_FROM ? KEY_COUNT : 1;
    }

    private static Row row(int length) {
        return new Row(NAME, Systems.MAPPED, length).with("load", "closed").with("clients", 1);
    }
}
