package io.tiercel.bench.rig;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Load;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How long does one client wait for a value that is there, by its length, beside everything else one could ask?
 *
 * <p>One connection, one read at a time: first each read as soon as the one before is back, then at a rate that is the
 * same for all systems. Keys are drawn uniformly, every read is a hit, counted. Payload by payload, all systems in turn,
 * so that a system and its baseline are near in time.
 */
final class LatencyRig implements Rig {
    static final String NAME = "latency";

    private static final long HUGE_LENGTH = 300L << 20;
    /** Those that hold values. */
    private static final int SERVER_COUNT = 6;

    private final Function<Servers, List<Subject>> subjects;
    private final List<Size> sizes;
    private final Timing timing;

    /**
     * Values of one length.
     *
     * @param rate reads a second where they come at a fixed rate.
     */
    record Size(long length, int count, long rate) {}

    /**
     * @param subjects what to measure, from the servers that serve it.
     * @param timing how long each is measured.
     */
    LatencyRig(Function<Servers, List<Subject>> subjects, List<Size> sizes, Timing timing) {
        this.subjects = subjects;
        this.sizes = sizes;
        this.timing = timing;
    }

    static LatencyRig ofAll(boolean isQuick) {
        Size tiny = new Size(64, 256, 10_000);
        Size middle = new Size(64 << 10, 64, 2_000);
        Size large = new Size(1 << 20, 16, 200);
        List<Size> sizes = isQuick
                ? List.of(tiny, middle, large)
                : List.of(tiny, new Size(4 << 10, 256, 10_000), middle, large, new Size(HUGE_LENGTH, 1, 1));
        return new LatencyRig(isQuick ? Readers::quick : Readers::all, sizes, isQuick
                ? Timing.ofMs(400, 300, 400)
                : Timing.ofMs(2_000, 3_000, 5_000));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "how long one client waits for a value that is there, by its length";
    }

    @Override
    public String doesNotMeasure() {
        return "load, a cold cache, a network: client and server share the cores and the memory of one machine";
    }

    @Override
    public Plan plan() {
        List<String> systems;
        try (Servers none = new Servers(capacity())) {
            systems = subjects.apply(none).stream().map(Subject::name).toList();
        }
        Plan plan = Plan.NOTHING.jvms(systems.contains(Systems.HAZELCAST) ? 3 : 2).programs(4);
        for (Size size : sizes) {
            // A window ends with the read that is under way, and a client reads every value once before the first.
            plan = plan.measuring(systems.size(), timing.totalNs()).clients(systems.size())
                    .puts((long) SERVER_COUNT * size.count(), size.length())
                    .carrying(systems.size() * (3L + size.count()) * size.length());
        }
        return plan;
    }

    private long capacity() {
        // Four times what is put: nothing is evicted.
        return Math.max(256L << 20, 4 * sizes.stream().mapToLong(size -> size.length() * size.count()).sum());
    }

    @Override
    public Duration budget(boolean isQuick) {
        return isQuick ? Duration.ofSeconds(63) : Duration.ofMinutes(16);
    }

    @Override
    public void run(RigRun run) {
        try (Servers servers = new Servers(capacity())) {
            for (Size size : sizes) {
                for (Subject subject : subjects.apply(servers)) {
                    run.attempt(row(subject, size), subject.missing(), timing.totalNs(),
                            () -> measure(run, subject, size));
                }
            }
        }
    }

    private void measure(RigRun run, Subject subject, Size size) {
        try (ReadPath path = subject.opening().open(new Payloads((int) size.length(), size.count()))) {
            Loads.run(path, Load.closed(timing.warmUpNs()));
            Figures closed = Loads.run(path, Load.closed(timing.closedNs()));
            run.add(row(subject, size).figures(closed, closed.defect()));
            Figures open = Loads.run(path, new Load(size.rate(), timing.openNs()));
            run.add(row(subject, size).with("load", "open").with("rate", size.rate()).figures(open, open.defect()));
        }
    }

    private static Row row(Subject subject, Size size) {
        return new Row(NAME, subject.name(), size.length()).with("load", "closed").with("clients", 1)
                .comparedTo(subject.baseline(), Row.P50);
    }

    /** How long each part of a measurement takes. */
    record Timing(long warmUpNs, long closedNs, long openNs) {
        static Timing ofMs(long warmUp, long closed, long open) {
            return new Timing(TimeUnit.MILLISECONDS.toNanos(warmUp), TimeUnit.MILLISECONDS.toNanos(closed),
                    TimeUnit.MILLISECONDS.toNanos(open));
        }

        long totalNs() {
            return warmUpNs + closedNs + openNs;
        }
    }
}
