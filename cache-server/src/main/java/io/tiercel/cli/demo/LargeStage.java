package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.cli.demo.Finding.Latency;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Reads one Arrow file of 300 MiB: from a miss and from a hit to its first value, and what that takes of memory. */
final class LargeStage implements Stage {
    private static final Key LARGE = Key.of("files/" + ArrowSamples.LARGE);
    private static final Key SMALL = Key.of("files/flights/day=1/part-0.arrow");
    private static final int HITS = 20_000;
    /** What a clock and a busy machine may add to a hit. */
    private static final long NOISE_NS = 1_000;

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        long length = Files.size(target.files().resolve(ArrowSamples.LARGE));
        boolean areFilesMemory = Files.getFileStore(target.nodeDir()).type().equals("tmpfs");
        try (TiercelClient client = target.mapped(); BufferAllocator allocator = new RootAllocator()) {
            readFirst(client, SMALL, allocator); // loads Arrow's classes
            LatencyStage.put(client);
            ProcessMemory self = ProcessMemory.of(ProcessHandle.current().pid());
            ProcessMemory node = ProcessMemory.of(target.nodePid());
            long allocated = ThreadAllocation.bytes();
            timeFirstValue("miss", client, allocator, findings);
            timeFirstValue("hit", client, allocator, findings);
            allocated = ThreadAllocation.bytes() - allocated;
            reportMemory(length, allocated, self, node, target.nodePid(), areFilesMemory, findings);
            Latency small = CallTimer.time("mapped", LatencyStage.LENGTH, HITS, LatencyStage.hit(client));
            Latency large = CallTimer.time("mapped", length, HITS, LatencyStage.hit(client, LARGE));
            findings.accept(large);
            findings.accept(new Check("a hit takes the same time, whatever its size",
                    large.p50Ns() <= 2 * small.p50Ns() + NOISE_NS, Figures.size(length) + " in "
                            + Figures.time(large.p50Ns()) + ", 4KiB in " + Figures.time(small.p50Ns())));
        }
    }

    private static void timeFirstValue(String what, TiercelClient client, BufferAllocator allocator,
            Consumer<Finding> findings) throws IOException {
        long beginNs = System.nanoTime();
        Object value = readFirst(client, LARGE, allocator);
        long tookNs = System.nanoTime() - beginNs;
        findings.accept(new Check("300MiB of Arrow, from a " + what + " to the first value",
                Objects.equals(value, 0L), Figures.time(tookNs)));
    }

    private static Object readFirst(TiercelClient client, Key key, BufferAllocator allocator) throws IOException {
        try (Frame frame = client.get(key)) {
            if (frame == null) {
                throw new IOException("not there: " + key);
            }
            return Objects.requireNonNull(ArrowProbe.firstValue(frame, allocator), "no value");
        }
    }

    /** Mapped files count apart: where they lie in memory anyway, growth cannot be told from them. */
    private static void reportMemory(long length, long allocated, ProcessMemory selfBefore, ProcessMemory nodeBefore,
            long nodePid, boolean areFilesMemory, Consumer<Finding> findings) {
        ProcessMemory self = ProcessMemory.of(ProcessHandle.current().pid());
        ProcessMemory node = ProcessMemory.of(nodePid);
        long selfGrowth = self.own() - selfBefore.own();
        long nodeGrowth = node.own() - nodeBefore.own();
        boolean isHeld = allocated < length / 10
                && (areFilesMemory || (selfGrowth < length / 2 && nodeGrowth < length / 2));
        findings.accept(new Check("neither process allocates anything of that size", isHeld,
                Figures.size(allocated) + " on the client's heap; unmapped memory grew by " + Figures.size(selfGrowth)
                        + " in the client, " + Figures.size(nodeGrowth) + " in the node; VmHWM with mapped pages "
                        + Figures.size(self.peak()) + " and " + Figures.size(node.peak())));
    }
}
