package io.tiercel.bench.rig;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.node.NodeServer;
import io.tiercel.bench.process.LiveHeap;
import io.tiercel.bench.process.ProcessMemory;
import io.tiercel.client.Mode;
import io.tiercel.client.TiercelClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * What does a frame cost a node in memory, and how long does a node take after {@code kill -9} to its first hit, by the
 * number of frames?
 *
 * <p>Values of 1,000 bytes, put once. Memory is what a node has with them less what the same node had without: live bytes of
 * its heap after a collection, what is resident and no page of a file, and what the mapped tier counts beside key and
 * payload. A start counts from the run of the new JVM, without the launcher and its class archive, to the bytes of the
 * newest frame in a client that connects anew; the files are in the page cache.
 */
final class FramesRig implements Rig {
    static final String NAME = "frames";

    private static final int LENGTH = 1_000;
    private static final long FRAME_FOOTPRINT = 1_400;
    /** To weigh a node's heap, which is collected for that, twice. */
    private static final long WEIGHING_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Pattern MAPPED_USED = Pattern.compile("\"mapped\":\\{[^}]*\"usedBytes\":(\\d+)");

    private final int[] counts;
    private final int rounds;

    /** @param rounds starts after a kill, for each count of frames. */
    FramesRig(int rounds, int... counts) {
        this.counts = counts;
        this.rounds = rounds;
    }

    /**
     * @param isLong whether 10 million frames are wanted.
     * @param counts others in the place of all these, if there are any.
     */
    static FramesRig of(boolean isQuick, boolean isLong, int... counts) {
        if (counts.length > 0) {
            return new FramesRig(isQuick ? 2 : 5, counts);
        }
        if (isLong) {
            return new FramesRig(5, 10_000, 100_000, 1_000_000, 10_000_000);
        }
        return isQuick ? new FramesRig(2, 50_000) : new FramesRig(5, 10_000, 100_000, 1_000_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "memory by the number of frames, and time to the first hit after kill -9";
    }

    @Override
    public String doesNotMeasure() {
        return "files that are not in the page cache, other lengths of keys and payloads";
    }

    @Override
    public Plan plan() {
        return Arrays.stream(counts).mapToObj(this::planOf).reduce(Plan.NOTHING, Plan::and);
    }

    private Plan planOf(int count) {
        return Plan.NOTHING.jvms(1 + rounds).clients(3 + rounds).puts(count, LENGTH).measuring(1, WEIGHING_NS);
    }

    @Override
    public Duration budget(boolean isQuick) {
        return isQuick ? Duration.ofSeconds(21) : Duration.ofMinutes(6);
    }

    @Override
    public void run(RigRun run) {
        for (int count : counts) {
            run.attempt(row(count, "memory"), "", planOf(count).ns(),
                    () -> measure(run, count));
        }
    }

    private void measure(RigRun run, int count) {
        Payloads payloads = new Payloads(LENGTH, count);
        try (NodeServer node = NodeServer.start(Math.max(256L << 20, 2L * count * FRAME_FOOTPRINT))) {
            Memory before = Memory.of(node);
            node.put(payloads);
            run.add(memory(count, payloads, before, Memory.of(node)));
            Histogram firstHits = Loads.histogram();
            Histogram ready = Loads.histogram();
            for (int round = 0; round < rounds; round++) {
                restart(node, payloads, ready, firstHits);
            }
            Figures figures = new Figures(firstHits, rounds, 0, rounds, 1, 0, 0);
            run.add(row(count, "start").figures(figures, "").with(Row.OPS, null).with("bytesAllocatedPerOp", null)
                    .with("readyP50Ns", ready.getValueAtPercentile(50)));
        }
    }

    private static void restart(NodeServer node, Payloads payloads, Histogram ready, Histogram firstHits) {
        node.kill();
        long startNs = System.nanoTime();
        node.startAgain();
        ready.recordValue(System.nanoTime() - startNs);
        try (TiercelClient client = node.connect(Mode.MAPPED)) {
            node.awaitHit(client, payloads, payloads.count() - 1);
            firstHits.recordValue(System.nanoTime() - startNs);
        }
    }

    private static Row memory(int count, Payloads payloads, Memory before, Memory after) {
        double stored = (after.stored - before.stored) / (double) count;
        return row(count, "memory").with("heapBytes", after.heap).with("residentBytesNode", after.resident)
                .with("anonymousBytesNode", after.anonymous)
                .with("heapBytesPerFrame", (after.heap - before.heap) / (double) count)
                .with("anonymousBytesPerFrame", (after.anonymous - before.anonymous) / (double) count)
                .with("storeBytesPerFrame", stored - LENGTH - payloads.key(0).length());
    }

    private static Row row(int count, String load) {
        return new Row(NAME, Systems.MAPPED, LENGTH).with("load", load).with("frames", count).with("clients", 1);
    }

    /** What a node has. */
    private record Memory(long heap, long resident, long anonymous, long stored) {
        static Memory of(NodeServer node) {
            long heap = LiveHeap.bytes(node.pid());
            try (TiercelClient client = node.connect(Mode.IPC)) {
                Matcher used = MAPPED_USED.matcher(client.status());
                if (!used.find()) {
                    throw new IllegalStateException("status has no tiers.mapped.usedBytes");
                }
                return new Memory(heap, ProcessMemory.residentBytes(node.pid()), ProcessMemory.anonymousBytes(
                        node.pid()), Long.parseLong(used.group(1)));
            }
        }
    }
}
