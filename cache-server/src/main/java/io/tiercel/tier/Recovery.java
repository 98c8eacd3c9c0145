package io.tiercel.tier;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.NoSpaceException;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentFile;
import io.tiercel.segment.SegmentState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the segments of the node before: after a clean stop with what its marker says of them, else unscanned, for
 * {@link Rebuild}. Runs once, before the store answers anybody. Not threadsafe.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** Publications of one start before the next start's would follow: a million a second for twelve days. */
    private static final int SEQUENCE_BITS = 40;

    private final StoreParts parts;
    private final Reclaimer reclaimer;
    private final List<Segment> adopted = new ArrayList<>();
    private long nextSequence;
    private @Nullable Segment active;

    Recovery(StoreParts parts, Reclaimer reclaimer) {
        this.parts = parts;
        this.reclaimer = reclaimer;
        this.nextSequence = firstSequence(parts.openCount());
    }

    /**
     * The first sequence of a start: its number above {@value #SEQUENCE_BITS} bits of count. The journal's header has
     * the number, and it rises before anything is published: so each sequence is above all of the starts before, which
     * nobody has to find first.
     */
    static long firstSequence(int openCount) {
        return (long) openCount << SEQUENCE_BITS;
    }

    long nextSequence() {
        return nextSequence;
    }

    /** A segment with room, in which writing goes on; or null. */
    @Nullable
    Segment active() {
        return active;
    }

    /** Goes on where a clean stop left off. Frames are verified at their first read. */
    void fromMarker(FoundSegments found, CleanMarker marker) throws IOException {
        nextSequence = Math.max(nextSequence, marker.nextSequence());
        int restored = 0;
        for (FoundSegments.Found file : found.segments()) {
            CleanMarker.Row row = marker.row(file.header().slot());
            Segment segment = adopt(file);
            if (segment == null) {
                parts.counters().damaged += row == null ? 1 : 0; // those with a row are counted as missing
                continue;
            }
            if (row == null || row.generation() != segment.generation() || row.tail() > segment.fileLength()) {
                parts.segments().scanned(segment, SegmentDescriptor.HEADER_LENGTH);
                reclaimer.begin(segment); // it was free, or on its way to be
                continue;
            }
            restored++;
            parts.segments().scanned(segment, row.tail());
            segment.addLiveBytes(row.liveBytes());
            segment.earliestExpiryMs(0L); // not known: the first sweep finds out
            if (row.active() && active == null && segment.fileLength() == parts.segmentLength()) {
                active = segment;
            }
        }
        if (restored < marker.rows().size()) {
            LOG.warn("segments that a clean stop left are missing or damaged: count={}",
                    marker.rows().size() - restored);
            parts.counters().damaged += marker.rows().size() - restored;
        }
        settle();
    }

    /** Takes all segments in, unscanned: {@link Rebuild} finds what they hold. */
    void adoptAll(FoundSegments found) throws IOException {
        for (FoundSegments.Found file : found.segments()) {
            if (adopt(file) == null) {
                parts.counters().damaged++;
            }
        }
    }

    /** The segments of which not every frame is known. */
    List<Segment> unscanned() {
        return adopted.stream().filter(segment -> !segment.isScanned()).toList();
    }

    private @Nullable Segment adopt(FoundSegments.Found file) throws IOException {
        boolean fits = file.header().isUsable() && file.header().slot() < parts.segments().slotCapacity();
        if (!fits) {
            LOG.warn("{} is dropped: {}", file.path(), file.header().defect());
            Files.deleteIfExists(file.path());
            return null;
        }
        try {
            Segment segment = parts.segments().adopt(SegmentFile.open(file.path(), file.header()), file.header());
            adopted.add(segment);
            return segment;
        } catch (NoSpaceException e) {
            LOG.warn("{} is dropped, it was not whole on the disk: {}", file.path(), e.getMessage());
            Files.deleteIfExists(file.path());
            return null;
        }
    }

    /** Gives each segment but the active one its place: a candidate by age, or taken back since nothing in it is alive. */
    private void settle() {
        FrameFlyweight first = new FrameFlyweight();
        adopted.sort(Comparator.comparingLong(
                segment -> first.wrap(segment.buffer(), SegmentDescriptor.HEADER_LENGTH).storedAtMs()));
        for (Segment segment : adopted) {
            if (segment != active && segment.state() == SegmentState.SEALED) {
                if (segment.liveBytes() > 0) {
                    parts.segments().seniority(segment);
                } else {
                    reclaimer.begin(segment);
                }
            }
        }
    }
}
