package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Reads every file mapped, streamed and over HTTP, compares it with the original, and opens it as Arrow. */
final class ReadStage implements Stage {
    private final List<String> differences = new ArrayList<>();
    private final TreeMap<String, Integer> refusals = new TreeMap<>();
    private long byteCount;
    private int mappedCount;
    private int arrowCount;
    private long rowCount;
    private long bufferCount;
    private long inPlaceCount;
    private String sample = "";

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        List<Path> files = filesUnder(target.files());
        try (TiercelClient mapped = target.mapped();
                TiercelClient ipc = target.ipc();
                TiercelClient udp = target.udpStreamed();
                HttpReader http = target.overHttp();
                BufferAllocator allocator = new RootAllocator()) {
            for (Path file : files) {
                Key key = Key.of("files/" + target.files().relativize(file));
                String sha256 = Sha256.of(file);
                byteCount += Files.size(file);
                readMapped(mapped, key, sha256, allocator);
                compare(sha256, streamed(ipc, key), "IPC", key);
                compare(sha256, streamed(udp, key), "UDP", key);
                compare(sha256, http.sha256(key), "HTTP", key);
            }
        }
        report(files.size(), findings);
    }

    /** Regular files, in order; links are left alone, since they may lead out. */
    static List<Path> filesUnder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        }
    }

    private void readMapped(TiercelClient client, Key key, String sha256, BufferAllocator allocator) {
        try (Frame loaded = client.get(key)) {
            compare(sha256, loaded == null ? "nothing" : Sha256.of(loaded.byteBuffer()), "the first read", key);
        }
        try (Frame frame = client.get(key)) {
            compare(sha256, frame == null ? "nothing" : Sha256.of(frame.byteBuffer()), "mapped", key);
            if (frame != null) {
                mappedCount += frame.isMapped() ? 1 : 0;
                probe(frame, allocator);
            }
        }
    }

    private void probe(Frame frame, BufferAllocator allocator) {
        ArrowProbe probe = ArrowProbe.of(frame, allocator);
        if (probe.refusal() != null) {
            refusals.merge(probe.refusal().name(), 1, Integer::sum);
            return;
        }
        arrowCount++;
        rowCount += probe.rowCount();
        bufferCount += probe.bufferCount();
        inPlaceCount += probe.inPlaceCount();
        if (frame.isMapped() && probe.sampleAddress() != 0) {
            sample = String.format("0x%x in the segment's 0x%x to 0x%x", probe.sampleAddress(), frame.address(),
                    frame.address() + frame.length());
        }
    }

    private static String streamed(TiercelClient client, Key key) {
        try (Frame frame = client.get(key)) {
            return frame == null ? "nothing" : Sha256.of(frame.byteBuffer());
        } catch (TiercelException e) {
            return Objects.toString(e.getMessage());
        }
    }

    private void compare(String expected, String found, String how, Key key) {
        if (!found.equals(expected)) {
            differences.add(how + " of " + key + ": " + found);
        }
    }

    private void report(int fileCount, Consumer<Finding> findings) {
        findings.accept(new Check("every file reads as the original, mapped, over IPC, UDP and HTTP",
                differences.isEmpty() && fileCount > 0, differences.isEmpty()
                        ? fileCount + " files, " + Figures.size(byteCount) + ", by SHA-256"
                        : differences.size() + " differ, the first: " + differences.get(0)));
        findings.accept(new Check("a read of this host lies in the node's own memory", mappedCount == fileCount,
                mappedCount + " of " + fileCount + " mapped"));
        findings.accept(new Check("Arrow columns are read in place", arrowCount == 0 || inPlaceCount > 0,
                arrowCount + " files, " + rowCount + " rows, " + inPlaceCount + " of " + bufferCount
                        + " buffers not copied" + (sample.isEmpty() ? "" : "; one at " + sample)));
        if (!refusals.isEmpty()) {
            findings.accept(new Check("what is no Arrow stays bytes, with a typed refusal", true, refusals.toString()));
        }
    }
}
