package io.tiercel.bench.rig;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.node.NodePath;
import io.tiercel.bench.node.PipelinedNodePath;
import io.tiercel.client.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * How many values a second does one client get that has many requests under way, and how many do several clients get that
 * wait for each?
 *
 * <p>Pipelined: a window of requests goes out before the first reply is awaited, then the next; a row's latencies are of
 * windows. Clients: connections and threads of their own, each with one read at a time. Hits alone, counted.
 */
final class ThroughputRig implements Rig {
    static final String NAME = "throughput";

    private static final int WINDOW = 64;
    private static final int KEY_COUNT = 256;
    private static final int SERVER_COUNT = 3;
    private static final String PIPELINED = "pipelined";
    private static final long NODE_CAPACITY = 256L << 20;

    private final List<Integer> lengths;
    private final List<Integer> clientCounts;
    private final long warmUpNs;
    private final long runNs;

    ThroughputRig(boolean isQuick) {
        this.lengths = isQuick ? List.of(64) : List.of(64, 4096);
        this.clientCounts = isQuick ? List.of(1, 2, 8) : List.of(1, 2, 8, 32);
        this.warmUpNs = TimeUnit.MILLISECONDS.toNanos(isQuick ? 400 : 2_000);
        this.runNs = TimeUnit.MILLISECONDS.toNanos(isQuick ? 500 : 5_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "values a second of one client that pipelines, and of several that wait for each";
    }

    @Override
    public String doesNotMeasure() {
        return "fairness between clients, more cores than there are here";
    }

    @Override
    public Plan plan() {
        try (Servers none = new Servers(NODE_CAPACITY)) {
            int pipelined = pipelined(none).size() * lengths.size();
            int blocking = blocking(none, 1).size();
            int clients = clientCounts.stream().mapToInt(Integer::intValue).sum();
            Plan plan = Plan.NOTHING.jvms(1).programs(2).clients(pipelined + blocking * clients)
                    .measuring(pipelined + (long) blocking * clientCounts.size(), warmUpNs + runNs);
            for (int length : lengths) {
                plan = plan.puts(SERVER_COUNT * KEY_COUNT, length);
            }
            return plan;
        }
    }

    @Override
    public Duration budget(boolean quick) {
        return quick ? Duration.ofSeconds(28) : Duration.ofMinutes(5);
    }

    @Override
    public void run(RigRun run) {
        try (Servers servers = new Servers(NODE_CAPACITY)) {
            for (int length : lengths) {
                for (Subject subject : pipelined(servers)) {
                    attempt(run, subject, new Case(PIPELINED, 1, length));
                }
            }
            for (int clients : clientCounts) {
                for (Subject subject : blocking(servers, clients)) {
                    attempt(run, subject, new Case("closed", clients, 64));
                }
            }
        }
    }

    private static List<Subject> pipelined(Servers servers) {
        return List.of(
                new Subject(Systems.REDIS_UNIX, "", Servers.missingRedis(),
                        values -> servers.redis().with(values).overUnix(values, WINDOW)),
                new Subject(Systems.REDIS_TCP, Systems.REDIS_UNIX, Servers.missingRedis(),
                        values -> servers.redis().with(values).overTcp(values, WINDOW)),
                new Subject(Systems.MEMCACHED_UNIX, Systems.REDIS_UNIX, Servers.missingMemcached(),
                        values -> servers.memcachedUnix().with(values).open(values, WINDOW)),
                new Subject(Systems.MEMCACHED_UNIX + "-multiget", Systems.REDIS_UNIX, Servers.missingMemcached(),
                        values -> servers.memcachedUnix().with(values).openMultiGet(values, WINDOW)),
                pipelined(servers, Systems.MAPPED, Mode.MAPPED), pipelined(servers, Systems.IPC, Mode.IPC),
                pipelined(servers, Systems.UDP, Mode.UDP));
    }

    private static Subject pipelined(Servers servers, String name, Mode mode) {
        return new Subject(name, Systems.REDIS_UNIX,
                values -> PipelinedNodePath.open(servers.node().with(values), mode, values, WINDOW));
    }

    private static List<Subject> blocking(Servers servers, int clients) {
        return List.of(new Subject(Systems.REDIS_UNIX, "", Servers.missingRedis(),
                values -> clients == 1
                        ? servers.redis().with(values).overUnix(values, 1)
                        : servers.redis().with(values).overUnixAmongMany(values)),
                blocking(servers, Systems.MAPPED, Mode.MAPPED), blocking(servers, Systems.IPC, Mode.IPC));
    }

    private static Subject blocking(Servers servers, String name, Mode mode) {
        return new Subject(name, Systems.REDIS_UNIX, values -> NodePath.open(servers.node().with(values), mode,
                values));
    }

    /** What is measured of each system. */
    private record Case(String load, int clients, int length) {}

    private void attempt(RigRun run, Subject subject, Case asked) {
        run.attempt(row(subject, asked), subject.missing(), warmUpNs + runNs, () -> measure(run, subject, asked));
    }

    private void measure(RigRun run, Subject subject, Case asked) {
        List<ReadPath> paths = new ArrayList<>();
        try {
            for (int i = 0; i < asked.clients(); i++) {
                // Each with payloads of its own, since a draw belongs to one thread.
                paths.add(subject.opening().open(new Payloads(asked.length(), KEY_COUNT)));
            }
            Loads.runTogether(paths, warmUpNs);
            Figures figures = Loads.runTogether(paths, runNs);
            run.add(row(subject, asked).with("window", paths.get(0).valuesPerRead()).figures(figures, figures
                    .defect()));
        } finally {
            CloseHelper.quietCloseAll(paths);
        }
    }

    private static Row row(Subject subject, Case asked) {
        return new Row(NAME, subject.name(), asked.length()).with("load", asked.load()).with("clients", asked.clients())
                .comparedTo(subject.baseline(), Row.OPS);
    }
}
