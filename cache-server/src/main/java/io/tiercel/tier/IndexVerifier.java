package io.tiercel.tier;

import io.tiercel.index.ChronicleIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the index that a clean stop left against the live frames of the segments. Not threadsafe. */
final class IndexVerifier {
    private static final String NAME = "index";

    private final StoreReport report;
    private final FrameMap frames;
    private final CleanMarker marker;

    IndexVerifier(StoreReport report, FrameMap frames, CleanMarker marker) {
        this.report = report;
        this.frames = frames;
        this.marker = marker;
    }

    void verify(Path file) throws IOException {
        if (!Files.exists(file)) {
            report.damage(NAME, 0, "missing after a clean stop: the next start rebuilds it");
        } else if (CleanMarker.crcOf(file) != marker.indexCrc()) {
            report.damage(NAME, 0, "checksum does not match: the next start rebuilds it");
        } else {
            Path folder = Files.createTempDirectory("tiercel-verify");
            Path copy = folder.resolve(NAME);
            try {
                Files.copy(file, copy);
                verifyCopy(copy);
            } finally {
                Files.deleteIfExists(copy);
                Files.delete(folder);
            }
        }
    }

    private void verifyCopy(Path copy) throws IOException {
        try (ChronicleIndex index = ChronicleIndex.open(copy, marker.indexCapacity())) {
            report.indexChecked = true;
            report.indexEntries = index.count();
            long[] right = new long[1];
            index.forEach((hash, place) -> {
                FrameMap.Found found = frames.find(hash);
                CleanMarker.Row row = marker.row(place.slot());
                if (found != null && found.slot() == place.slot() && found.offset() == place.offset()) {
                    right[0]++;
                } else if (row != null && row.generation() == place.generation()) {
                    report.damage(NAME, 0, "an entry points at slot=" + place.slot() + " offset=" + place.offset()
                            + ", where no live frame of its key is");
                }
            });
            if (right[0] < frames.count()) {
                report.damage(NAME, 0, "live frames without an entry: count=" + (frames.count() - right[0]));
            }
        }
    }
}
