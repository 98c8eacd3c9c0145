package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameScanner;
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
 * Brings back what segments hold: after a clean stop from the marker, else by walking every frame. Runs once, before
 * the store answers anybody. Not threadsafe.
 *
 * <p>A walk believes a header by its checksum, kills what was not published, what an invalidation covers and what a
 * later frame of its key supersedes, and leaves payloads to their first read.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final StoreParts parts;
    private final MappedTier mapped;
    private final Reclaimer reclaimer;
    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameScanner scanner = new FrameScanner(checksum);
    private final List<Segment> adopted = new ArrayList<>();
    private long nextSequence = 1;
    private @Nullable Segment active;

    Recovery(StoreParts parts, MappedTier mapped, Reclaimer reclaimer) {
        this.parts = parts;
        this.mapped = mapped;
        this.reclaimer = reclaimer;
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
        nextSequence = marker.nextSequence();
        int restored = 0;
        for (FoundSegments.Found file : found.segments()) {
            CleanMarker.Row row = marker.row(file.header().slot());
            Segment segment = adopt(file);
            if (segment == null) {
                parts.counters().damaged += row == null ? 1 : 0; // those with a row are counted as missing
                continue;
            }
            if (row == null || row.generation() != segment.generation() || row.tail() > segment.fileLength()) {
                reclaimer.begin(segment); // it was free, or on its way to be
                continue;
            }
            restored++;
            segment.tail(row.tail());
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

    /** Finds everything again by walking the segments. */
    void fromScan(FoundSegments found) throws IOException {
        for (FoundSegments.Found file : found.segments()) {
            Segment segment = adopt(file);
            if (segment == null) {
                parts.counters().damaged++;
            } else if (!scanner.scan(segment, (frame, state) -> onFrame(segment, frame, state))) {
                LOG.warn("segment slot={} is damaged at offset={}, what lies behind is dropped", segment.slot(),
                        segment.tail());
                parts.counters().damaged++;
            } else if (isBestRoom(segment)) {
                active = segment;
            }
        }
        settle();
    }

    private boolean isBestRoom(Segment segment) {
        boolean regular = segment.fileLength() == parts.segmentLength();
        boolean roomy = segment.room() >= segment.fileLength() / 4 && segment.liveBytes() > 0;
        return regular && roomy && (active == null || segment.room() > active.room());
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

    private void onFrame(Segment segment, FrameFlyweight frame, int state) {
        if (state == WRITING) {
            frame.stateRelease(DEAD);
        } else if (state == LIVE) {
            segment.addLiveBytes(frame.frameLength());
            segment.noteExpiry(frame.expiresAtMs());
            if (!checksum.isMetadataWhole(segment, frame)) {
                parts.counters().damaged++;
                mapped.kill(segment, frame);
                return;
            }
            nextSequence = Math.max(nextSequence, frame.sequence() + 1);
            if (mapped.isOver(segment, frame)) {
                mapped.kill(segment, frame);
            } else {
                mapped.recover(segment, frame);
            }
        }
    }

    /** Gives each segment its place: written on, a candidate by age, or taken back since nothing in it is alive. */
    private void settle() {
        FrameFlyweight first = new FrameFlyweight();
        adopted.sort(Comparator.comparingLong(
                segment -> first.wrap(segment.buffer(), SegmentDescriptor.HEADER_LENGTH).storedAtMs()));
        for (Segment segment : adopted) {
            if (segment == active) {
                parts.segments().reactivate(segment);
            } else if (segment.state() == SegmentState.SEALED) {
                if (segment.liveBytes() > 0) {
                    parts.segments().seniority(segment);
                } else {
                    reclaimer.begin(segment);
                }
            }
        }
    }
}
