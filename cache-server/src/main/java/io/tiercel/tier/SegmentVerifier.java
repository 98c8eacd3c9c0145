package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.index.KeyHasher;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameScanner;
import io.tiercel.segment.SegmentView;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Checks the frames of one segment file after the other. Reads every byte. Not threadsafe. */
final class SegmentVerifier {
    private final StoreReport report;
    private final KeyHasher hasher;
    private final FrameMap frames;
    private final @Nullable CleanMarker marker;
    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameScanner scanner = new FrameScanner(checksum);
    private final Set<Integer> seen = new HashSet<>();

    /** @param marker what the clean stop before left, null when it was none. */
    SegmentVerifier(StoreReport report, KeyHasher hasher, FrameMap frames, @Nullable CleanMarker marker) {
        this.report = report;
        this.hasher = hasher;
        this.frames = frames;
        this.marker = marker;
    }

    void verify(String name, int slot, UnsafeBuffer buffer, long generation) {
        seen.add(slot);
        SegmentView view = SegmentView.of(buffer, generation);
        boolean whole = scanner.scan(view, (frame, state) -> onFrame(name, slot, view, frame, state));
        if (!whole) {
            report.damage(name, scanner.tail(), "frame header does not pass, what lies behind cannot be found");
        }
        CleanMarker.Row row = marker == null ? null : marker.row(slot);
        if (row != null && row.generation() != generation) {
            report.damage(name, 0, "generation=" + generation + ", the clean stop had " + row.generation());
        } else if (row != null && whole && row.tail() != scanner.tail()) {
            report.damage(name, scanner.tail(), "frames end here, the clean stop had them end at " + row.tail());
        }
    }

    /** Segments that a clean stop left and that are not there. */
    void checkMissing() {
        if (marker != null) {
            for (CleanMarker.Row row : marker.rows()) {
                if (!seen.contains(row.slot())) {
                    report.damage("segments/" + row.slot() + ".seg", 0, "missing or not usable, a clean stop left it");
                }
            }
        }
    }

    private void onFrame(String name, int slot, SegmentView view, FrameFlyweight frame, int state) {
        if (!isState(state)) {
            report.damage(name, frame.offset(),
                    "state=0x" + Integer.toHexString(state) + " is none: key=" + keyOf(view, frame));
        } else if (state == WRITING) {
            report.torn++;
        } else if (state == DEAD) {
            report.dead++;
        } else {
            report.live++;
            onLive(name, slot, view, frame);
        }
    }

    private void onLive(String name, int slot, SegmentView view, FrameFlyweight frame) {
        if (!checksum.isMetadataWhole(view.bytes(), frame)) {
            report.damage(name, frame.offset(), "metadata checksum does not match: key=" + keyOf(view, frame));
            return;
        }
        if (!checksum.isPayloadWhole(view.bytes(), frame)) {
            report.damage(name, frame.offset(), "payload checksum does not match: key=" + keyOf(view, frame));
        }
        long hash = hasher.hash(view.buffer(), frame.keyOffset(), frame.keyLength());
        FrameMap.Found before = frames.add(hash, new FrameMap.Found(slot, frame.offset(), frame.sequence()));
        if (before != null) {
            report.superseded++;
            if (marker != null) {
                report.damage(name, frame.offset(), "key=" + keyOf(view, frame) + " is live in slot=" + before.slot()
                        + " offset=" + before.offset() + " too");
            }
        }
    }

    private static String keyOf(SegmentView view, FrameFlyweight frame) {
        return view.buffer().getStringWithoutLengthUtf8(frame.keyOffset(), frame.keyLength());
    }
}
