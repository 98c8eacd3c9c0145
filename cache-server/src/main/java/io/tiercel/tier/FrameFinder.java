package io.tiercel.tier;

import io.tiercel.Key;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.Segment;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads: the heap first, then the segments. Neither locks nor allocates on a hit, but for the copy that puts a frame
 * read again onto the heap. Single writer: the shard agent.
 */
final class FrameFinder {
    private final StoreParts parts;
    private final HeapTier heap;
    private final MappedTier mapped;
    private final StoreCounters counters;
    private final Lifetimes lifetimes;
    private final FrameFlyweight frame = new FrameFlyweight();
    private final PromotionFilter promotions = new PromotionFilter();
    private final RecentRequests recent;

    FrameFinder(StoreParts parts, MappedTier mapped) {
        this.parts = parts;
        this.heap = parts.heap();
        this.mapped = mapped;
        this.counters = parts.counters();
        this.lifetimes = parts.lifetimes();
        this.recent = new RecentRequests(parts.context().repeatIntervalNs());
    }

    /** A turn of the shard begins. */
    void onTurn(long nowNs) {
        recent.nowNs(nowNs);
    }

    /** Finds, counts and promotes. */
    boolean find(DirectBuffer key, int offset, int length, FrameView out) {
        long hash = mapped.hash(key, offset, length);
        if (findOnHeap(key, offset, length, hash, out)) {
            hit(hash, out);
            return true;
        }
        counters.heapMisses++;
        Segment segment = findMapped(key, offset, length, hash);
        if (segment == null) {
            counters.misses++;
            return false;
        }
        aim(out, segment);
        counters.mappedHits++;
        requested(segment, hash, out);
        if (heap.isOn() && promotions.isSecondRead(hash)) {
            heap.put(new HeapEntry(segment, mapped.frame(), hash, parts.invalidations().epoch(),
                    lifetimes.expiresAtMs(mapped.frame())));
        }
        return true;
    }

    private void hit(long hash, FrameView out) {
        if (out.tier() == Tier.HEAP) {
            counters.heapHits++;
        } else {
            counters.heapMisses++;
            counters.mappedHits++;
        }
        out.wasKept(false);
        Segment segment = out.segment();
        if (segment != null) {
            requested(segment, hash, out);
        }
    }

    private void requested(Segment segment, long hash, FrameView out) {
        boolean kept;
        if (recent.isKnown(hash)) {
            kept = recent.wasKept(hash);
        } else {
            kept = mapped.requested(segment, hash, out.frameLength());
            recent.add(hash, kept);
        }
        out.wasKept(kept);
        counters.keptHits += kept ? 1 : 0;
    }

    /** Only finds. */
    boolean peek(DirectBuffer key, int offset, int length, FrameView out) {
        long hash = mapped.hash(key, offset, length);
        if (findOnHeap(key, offset, length, hash, out)) {
            return true;
        }
        Segment segment = findMapped(key, offset, length, hash);
        if (segment != null) {
            aim(out, segment);
        }
        return segment != null;
    }

    /** Only finds, a frame as well that has expired and is retained. */
    boolean peekStale(DirectBuffer key, int offset, int length, FrameView out) {
        Segment segment = parts.health().isOff()
                ? null
                : mapped.findStale(key, offset, length, mapped.hash(key, offset, length));
        if (segment != null) {
            aim(out, segment);
        }
        return segment != null;
    }

    private void aim(FrameView out, Segment segment) {
        out.wrapMapped(segment, mapped.frame().offset());
        out.expiresAtMs(lifetimes.expiresAtMs(mapped.frame()));
    }

    /** Has the frame of a view expire later. Answers whether it will. */
    boolean renew(FrameView view, long expiresAtMs) {
        Segment segment = view.segment();
        if (segment == null || !segment.isServing(view.generation())) {
            return false;
        }
        frame.wrap(segment.buffer(), view.frameOffset());
        if (!lifetimes.renew(frame, expiresAtMs)) {
            return false;
        }
        long hash = mapped.hash(segment.buffer(), frame.keyOffset(), frame.keyLength());
        heap.remove(segment.buffer(), frame.keyOffset(), frame.keyLength(), hash);
        view.expiresAtMs(expiresAtMs);
        return true;
    }

    private @Nullable Segment findMapped(DirectBuffer key, int offset, int length, long hash) {
        return parts.health().isOff() ? null : mapped.find(key, offset, length, hash);
    }

    /** Drops a key from the heap. Answers whether it was there and valid. */
    boolean drop(Key key) {
        DirectBuffer bytes = key.buffer();
        long hash = mapped.hash(bytes, 0, key.length());
        HeapEntry entry = heap.find(bytes, 0, key.length(), hash);
        boolean valid = entry != null && entry.image() != null && isValid(entry, bytes, 0, key.length());
        heap.remove(bytes, 0, key.length(), hash);
        return valid;
    }

    private boolean findOnHeap(DirectBuffer key, int offset, int length, long hash, FrameView out) {
        HeapEntry entry = heap.find(key, offset, length, hash);
        if (entry == null) {
            return false;
        }
        Segment segment = entry.servingSegment();
        UnsafeBuffer image = entry.image();
        if (!isValid(entry, key, offset, length) || (image == null && segment == null)) {
            heap.remove(key, offset, length, hash);
            return false;
        }
        if (image != null) {
            out.wrapHeap(entry, image, segment);
        } else if (segment != null) {
            out.wrapMapped(segment, entry.frameOffset());
            out.expiresAtMs(entry.expiresAtMs());
        }
        return true;
    }

    private boolean isValid(HeapEntry entry, DirectBuffer key, int offset, int length) {
        if (lifetimes.isOver(entry.expiresAtMs(), entry.storedAtMs())) {
            return false;
        }
        Invalidations invalidations = parts.invalidations();
        long epoch = invalidations.epoch();
        if (entry.checkedAtEpoch() == epoch) {
            return true;
        }
        // An entry last checked before prefixes were forgotten may be covered by one of them: only segments were swept.
        long retired = invalidations.retiredEpoch();
        boolean unknown = entry.epoch() < retired && entry.checkedAtEpoch() < retired;
        if (unknown || invalidations.isStale(key, offset, length, entry.epoch())) {
            return false;
        }
        entry.checkedAtEpoch(epoch);
        return true;
    }
}
