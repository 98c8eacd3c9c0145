package io.tiercel.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Segments for tests that need one without a store around it. */
public final class SegmentFixture {
    private SegmentFixture() {}

    /** A new, mapped, active segment. */
    public static Segment create(Path directory, int slot, int length) {
        try {
            return new Segment(slot, SegmentFile.create(directory, slot, 1, length, 1), 1, 1, SegmentState.ACTIVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmaps; nobody may touch its bytes after. */
    public static void close(Segment segment) {
        segment.file().close();
    }
}
