package io.tiercel.tier;

import io.tiercel.eviction.SegmentPolicy;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentState;
import io.tiercel.segment.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Takes segments back, a bounded slice at a time: the policy's victim goes out of service at once, its frames leave the
 * index over the next turns, and its memory is handed on when no lease, read or write is left in it. Single writer: the
 * shard agent.
 */
final class Reclaimer {
    private static final int FRAMES_A_TURN = 64;

    private final SegmentTable segments;
    private final SegmentPolicy policy;
    private final MappedTier mapped;
    private final StoreCounters counters;
    private final List<Reclaim> reclaims = new ArrayList<>();
    private final IntPredicate eligible = this::isEligible;

    Reclaimer(StoreParts parts, MappedTier mapped) {
        this.segments = parts.segments();
        this.policy = parts.policy();
        this.mapped = mapped;
        this.counters = parts.counters();
    }

    private boolean isEligible(int slot) {
        Segment segment = segments.segment(slot);
        return segment != null && segment.state() == SegmentState.SEALED && segments.isQuiet(segment);
    }

    /** Begins to take a segment of the policy's choice back; false when none can be. */
    boolean begin() {
        int slot = policy.nextVictim(eligible);
        Segment segment = segments.segment(slot);
        if (slot == SegmentPolicy.NO_VICTIM || segment == null) {
            return false;
        }
        begin(segment);
        return true;
    }

    /** Begins to take a sealed segment back. */
    void begin(Segment segment) {
        Reclaim reclaim = new Reclaim(segment, segment.generation());
        segments.beginReclaim(segment);
        policy.onReclaimed(segment.slot());
        reclaims.add(reclaim);
    }

    /** One slice. Segments that are done go to {@code done}, still reclaiming. Answers a work count. */
    int doWork(Consumer<Segment> done) {
        int work = 0;
        for (int i = reclaims.size() - 1; i >= 0; i--) {
            Reclaim reclaim = reclaims.get(i);
            if (!reclaim.isWalked()) {
                work += work < FRAMES_A_TURN ? reclaim.walk(FRAMES_A_TURN - work, mapped, counters) : 0;
            }
            if (reclaim.isWalked() && segments.isQuiet(reclaim.segment())) {
                reclaims.remove(i);
                done.accept(reclaim.segment());
                work++;
            }
        }
        return work;
    }

    /** Bytes of segments that will be free without waiting for anybody. */
    long comingBytes() {
        long bytes = 0;
        for (Reclaim reclaim : reclaims) {
            bytes += segments.isQuiet(reclaim.segment()) ? reclaim.segment().fileLength() : 0;
        }
        return bytes;
    }

    boolean isIdle() {
        return reclaims.isEmpty();
    }
}
