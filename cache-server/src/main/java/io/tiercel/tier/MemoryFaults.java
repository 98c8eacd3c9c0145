package io.tiercel.tier;

import io.tiercel.index.OpeningIndex;
import io.tiercel.segment.FileCondition;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentFile;
import io.tiercel.segment.SegmentPreparer.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds mapped files that others cut short or deleted, and takes the segments among them out of service. Single writer:
 * the shard agent.
 *
 * <p>A touch behind the end of a file comes as an InternalError out of the access, or out of whatever the thread does a
 * moment later: so it says that something was cut short, and never what. Whoever catches one tells
 * {@link TierHealth#onFault()}; the next turn looks at every file. Once a second all are looked at anyway, on the
 * preparing thread: most cuts are found before anybody steps into one.
 */
final class MemoryFaults {
    private static final long INSPECTION_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final StoreParts parts;
    private final SpaceKeeper space;
    private final List<Segment> quarantined = new ArrayList<>();
    private long indexLength;
    private final long controlLength;
    private long inspectedNs;
    private boolean inspecting;
    private boolean started;

    MemoryFaults(StoreParts parts, SpaceKeeper space) {
        this.parts = parts;
        this.space = space;
        this.controlLength = lengthOf(parts.paths().control());
    }

    private static long lengthOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0L; // it cannot be cut short then
        }
    }

    /** One turn. Answers a work count. */
    int doWork(long nowNs) {
        int work = 0;
        if (parts.health().takeFault()) {
            inspectNow();
            work++;
        }
        Inspection inspection = parts.preparer().pollInspection();
        if (inspection != null) {
            inspecting = false;
            take(inspection);
            work++;
        }
        if (!inspecting && (!started || nowNs - inspectedNs >= INSPECTION_INTERVAL_NS)) {
            noteIndexLength();
            started = true;
            inspecting = true;
            inspectedNs = nowNs;
            parts.preparer().inspect(files());
        }
        return work + removeQuiet();
    }

    private List<SegmentFile> files() {
        List<SegmentFile> files = new ArrayList<>();
        parts.segments().forEach(segment -> {
            if (!segment.isQuarantined()) {
                files.add(segment.file());
            }
        });
        return files;
    }

    /** Looks at every file at once: rare, and nothing else can be believed before. */
    void inspectNow() {
        Inspection inspection = Inspection.of(files());
        take(inspection);
        boolean explained = !inspection.cutShort().isEmpty();
        explained |= checkIndex();
        explained |= checkFixed(parts.paths().control(), controlLength, TierHealth.Trouble.CONTROL_LOST);
        if (!explained && quarantined.isEmpty()) {
            parts.health().raise(TierHealth.Trouble.UNKNOWN_FAULT,
                    "a mapping under " + parts.paths().directory() + " faulted, and no file of it is cut short");
        }
    }

    /** Without the index no frame can be found, not even to be invalidated: none may be served to anybody. */
    private boolean checkIndex() {
        noteIndexLength();
        boolean lost = checkFixed(parts.paths().index(), indexLength, TierHealth.Trouble.INDEX_LOST);
        if (lost) {
            parts.segments().forEach(this::quarantine);
        }
        return lost;
    }

    /** The file may still be in the making when the store opens. */
    private void noteIndexLength() {
        boolean made = !(parts.index() instanceof OpeningIndex opening) || opening.isSupplied();
        if (indexLength == 0L && made) {
            indexLength = lengthOf(parts.paths().index());
        }
    }

    private boolean checkFixed(Path file, long length, TierHealth.Trouble trouble) {
        boolean cutShort = FileCondition.of(file, length) == FileCondition.CUT_SHORT;
        if (cutShort) {
            parts.health().raise(trouble, file + " was cut short by somebody else: restart the node");
        }
        return cutShort;
    }

    private void take(Inspection inspection) {
        for (SegmentFile file : inspection.cutShort()) {
            parts.segments().forEach(segment -> {
                if (segment.file() == file) {
                    parts.counters().damaged++;
                    parts.health().raise(TierHealth.Trouble.FILES_CUT_SHORT, file.path() + " was cut short by somebody"
                            + " else: what it held is dropped. Nobody else may write in the directory");
                    quarantine(segment);
                }
            });
        }
        if (inspection.missing() == 0) {
            parts.health().clear(TierHealth.Trouble.FILES_GONE);
        } else {
            parts.health().raise(TierHealth.Trouble.FILES_GONE, "files in " + parts.paths().segments()
                    + " were deleted by somebody else: what is mapped serves on, and is gone after a restart");
        }
    }

    private void quarantine(Segment segment) {
        if (segment.isQuarantined()) {
            return;
        }
        parts.segments().quarantine(segment);
        space.forget(segment);
        quarantined.add(segment);
    }

    private int removeQuiet() {
        int before = quarantined.size();
        if (before > 0) {
            quarantined.removeIf(segment -> {
                // A rebuild may be walking it still.
                boolean quiet = segment.isScanned() && parts.segments().isQuiet(segment);
                if (quiet) {
                    parts.segments().remove(segment);
                }
                return quiet;
            });
        }
        return before - quarantined.size();
    }
}
