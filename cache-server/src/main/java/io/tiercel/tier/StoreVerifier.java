package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.index.KeyHasher;
import io.tiercel.invalidation.JournalReader;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * Checks the files of a stopped node: control, journal, marker, the header of each segment, each frame's header,
 * metadata and payload by their checksums, and after a clean stop the index against the segments. It changes nothing:
 * files are opened for reading, and of the index a copy is, since Chronicle Map writes to what it opens. One use; not
 * threadsafe.
 */
public final class StoreVerifier {
    private final StorePaths paths;
    private final StoreReport report = new StoreReport();

    private StoreVerifier(Path directory) {
        this.paths = new StorePaths(directory);
    }

    /**
     * Checks a directory.
     *
     * @throws TiercelException NODE_UNAVAILABLE when a node holds it, NOT_FOUND when it is no directory of a node.
     * @throws IOException      when a file cannot be read.
     */
    public static StoreReport verify(Path directory) throws IOException {
        StoreVerifier verifier = new StoreVerifier(directory);
        if (!Files.isDirectory(verifier.paths.segments())) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "not the directory of a node: dir=" + directory);
        }
        // Taken for as long as the check lasts, so that no node starts meanwhile; a missing one is not created.
        LockFile lock = Files.exists(verifier.paths.lock()) ? LockFile.tryAcquire(verifier.paths.lock()) : null;
        if (lock == null && Files.exists(verifier.paths.lock())) {
            long pid = ControlKeeper.pidOf(verifier.paths.control());
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                    directory + " is held by a running node, pid=" + pid + ": stop it first");
        }
        try {
            return verifier.verify();
        } finally {
            CloseHelper.close(lock);
        }
    }

    private StoreReport verify() throws IOException {
        countFiles();
        JournalReader journal = JournalReader.read(paths.journal());
        checkJournal(journal);
        CleanMarker marker = checkMarker(journal);
        long storeId = journal.header() == null ? 0L : journal.header().storeId();
        FoundSegments found = FoundSegments.in(paths.segments(), storeId);
        FrameMap frames = new FrameMap();
        try (ControlFile control = openControl()) {
            SegmentVerifier segments = new SegmentVerifier(report, KeyHasher.seeded(storeId), frames, marker);
            for (FoundSegments.Found file : sorted(found)) {
                verify(segments, file, control);
            }
            segments.checkMissing();
        }
        if (marker != null) {
            new IndexVerifier(report, frames, marker).verify(paths.index());
        }
        return report;
    }

    private static List<FoundSegments.Found> sorted(FoundSegments found) {
        return found.segments().stream().sorted(Comparator.comparing(FoundSegments.Found::path)).toList();
    }

    private void countFiles() throws IOException {
        try (Stream<Path> walk = Files.walk(paths.directory())) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                report.files++;
                report.bytes += Files.size(file);
            }
        }
    }

    private void checkJournal(JournalReader journal) {
        if (journal.outcome() == JournalReader.Outcome.NEWER) {
            report.damage("journal", 0, "of a newer build, " + journal.defect());
        } else if (journal.outcome() != JournalReader.Outcome.WHOLE) {
            report.damage("journal", 0, journal.defect() + ": nothing here can be served");
        }
    }

    /** The marker of the stop before, null when that was not clean. */
    private @Nullable CleanMarker checkMarker(JournalReader journal) throws IOException {
        if (!Files.exists(paths.cleanMarker())) {
            return null;
        }
        CleanMarker marker = CleanMarker.read(paths.cleanMarker());
        if (marker == null || marker.newer()) {
            report.damage("index.clean", 0, marker == null ? "checksum does not match" : "of a newer build");
            return null;
        }
        boolean same = journal.header() != null && journal.header().storeId() == marker.storeId()
                && journal.header().openCount() == marker.openCount();
        if (!same) {
            report.damage("index.clean", 0, "of another start than the journal");
            return null;
        }
        report.cleanStop = true;
        return marker;
    }

    private @Nullable ControlFile openControl() throws IOException {
        if (!Files.exists(paths.control())) {
            report.damage("control", 0, "missing");
            return null;
        }
        try {
            return ControlFile.open(paths.control(), false);
        } catch (IOException e) {
            report.damage("control", 0, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void verify(SegmentVerifier segments, FoundSegments.Found file, @Nullable ControlFile control)
            throws IOException {
        String name = "segments/" + Objects.requireNonNull(file.path().getFileName());
        report.segments++;
        if (!file.header().isUsable()) {
            report.damage(name, 0, file.header().defect());
            return;
        }
        int slot = file.header().slot();
        long generation = file.header().generation();
        if (control != null && slot < control.slotCapacity()) {
            generation = Math.max(generation, control.generationVolatile(slot));
        }
        try (MappedFile mapped = MappedFile.openReadOnly(file.path())) {
            segments.verify(name, slot, mapped.buffer(), generation);
        }
    }
}
