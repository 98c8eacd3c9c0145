package io.tiercel.bench.rig;

import io.tiercel.bench.process.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that a run leaves: what was run, on what, and all rows. Written beside and renamed, so that a reader finds the
 * whole of one or nothing. Threadsafe.
 */
final class ResultFile {
    private final Path file;
    private final String command;
    private final List<Rig> rigs;
    private final Instant startedAt = Instant.now();
    private final double loadAtStart = Machine.loadAverage();
    private boolean isComplete;

    ResultFile(Path file, String command, List<Rig> rigs) {
        this.file = file;
        this.command = command;
        this.rigs = rigs;
    }

    /** @throws IOException when the folder is not there or nothing can be written to it. */
    synchronized void requireWritable() throws IOException {
        Files.deleteIfExists(Files.createTempFile(folder(), "rig", ".json"));
    }

    /** The whole of it. A later write of a part does nothing. */
    synchronized void write(List<Row> rows) throws IOException {
        write(rows, true);
        isComplete = true;
    }

    /** What there is when a run ends before its time. */
    synchronized void writePart(List<Row> rows) throws IOException {
        if (!isComplete) {
            write(rows, false);
        }
    }

    private void write(List<Row> rows, boolean isWhole) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", command);
        document.put("commit", Machine.commit());
        document.put("startedAt", startedAt.truncatedTo(ChronoUnit.SECONDS).toString());
        document.put("endedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        document.put("complete", isWhole);
        document.put("machine", Machine.description());
        document.put("loadAverage", List.of(loadAtStart, Machine.loadAverage()));
        document.put("pinned", Placement.isPinned());
        document.put("jvmFlags", Machine.jvmFlags());
        document.put("rigs", rigs.stream().map(rig -> Map.of("name", rig.name(), "question", rig.question(),
                "doesNotMeasure", rig.doesNotMeasure())).toList());
        document.put("rows", rows.stream().map(Row::fields).toList());
        StringBuilder json = new StringBuilder(4096);
        Json.append(json, document);
        Path written = Files.createTempFile(folder(), "rig", ".json");
        try {
            Files.writeString(written, json.append('\n'));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
