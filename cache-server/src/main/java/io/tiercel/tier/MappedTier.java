package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.Key;
import io.tiercel.index.FrameIndex;
import io.tiercel.index.FramePlace;
import io.tiercel.index.KeyHasher;
import io.tiercel.index.RecentPlaces;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameMove;
import io.tiercel.segment.Segment;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Frames in segments, found through the index. Single writer: the shard agent.
 *
 * <p>What the index says is a hint: a frame is served only when its segment's generation, its bounds, its state and its
 * whole key agree, it has not expired and no invalidation covers it; and, at its first read since the start, when its
 * checksums do. Whatever leaves the index is first marked dead in its segment, so that no rebuild brings it back.
 */
final class MappedTier {
    private final StoreParts parts;
    private final FrameIndex index;
    private final KeyHasher hasher;
    private final FrameChecksum checksum = new FrameChecksum();
    private final FramePlace place = new FramePlace();
    private final FrameFlyweight frame = new FrameFlyweight();
    private final Lifetimes lifetimes;
    private final LongArrayList forgotten = new LongArrayList();

    MappedTier(StoreParts parts) {
        this.parts = parts;
        this.index = new RecentPlaces(parts.index());
        this.hasher = parts.hasher();
        this.lifetimes = parts.lifetimes();
    }

    /** The half of a key's hash that {@link #find} takes. */
    long hash(DirectBuffer key, int offset, int length) {
        return hasher.hash(key, offset, length);
    }

    /** The frame that {@link #find} found; valid until the next call. */
    FrameFlyweight frame() {
        return frame;
    }

    /** The segment of a key's valid frame, or null. Allocates nothing. */
    @Nullable
    Segment find(DirectBuffer key, int offset, int length, long hash) {
        return find(key, offset, length, hash, false);
    }

    private @Nullable Segment find(DirectBuffer key, int offset, int length, long hash, boolean findsStale) {
        Segment segment = indexed(hash);
        if (segment == null || !frame.keyEquals(key, offset, length)) {
            return null;
        }
        if (parts.invalidations().isStale(key, offset, length, frame.epoch())) {
            kill(segment, frame);
            forget(hash);
            return null;
        }
        if (!lifetimes.isExpired(frame)) {
            return segment;
        }
        if (lifetimes.isRetained(frame, key, offset, length)) {
            return findsStale ? segment : null;
        }
        // One that only expired stays live while older ones of its key may be found: it is what they lose against.
        if (!isRecovering()) {
            kill(segment, frame);
            forget(hash);
        }
        return null;
    }

    /** The segment of a key's frame that is valid, or has expired and is retained, or null. */
    @Nullable
    Segment findStale(DirectBuffer key, int offset, int length, long hash) {
        return find(key, offset, length, hash, true);
    }

    /** Drops a hash whose place holds nothing to compare with. */
    private void drop(long hash) {
        index.remove(hash);
        parts.policy().onRemove(hash);
    }

    /** Bytes of a regular segment. */
    int segmentLength() {
        return parts.segmentLength();
    }

    /** Tells the policy of a request for a frame that is here. Answers whether it was kept. */
    boolean requested(Segment segment, long hash, long frameLength) {
        return parts.policy().onRequest(hash, parts.weights().of(frameLength), segment.slot());
    }

    /**
     * Drops the hash of a dead frame from the policy and from the index; while frames may be found that are older, its
     * place stays to be compared with.
     */
    private void forget(long hash) {
        parts.policy().onRemove(hash);
        if (isRecovering()) {
            forgotten.addLong(hash);
        } else {
            index.remove(hash);
        }
    }

    private boolean isRecovering() {
        return parts.segments().isRecovering();
    }

    /** Nothing more is found: the places of dead frames go. */
    void endRecovery() {
        for (int i = 0; i < forgotten.size(); i++) {
            long hash = forgotten.getLong(i);
            if (index.find(hash, place) && !isLive(place)) {
                index.remove(hash);
            }
        }
        forgotten.clear();
        forgotten.trimToSize();
    }

    private boolean isLive(FramePlace at) {
        Segment segment = parts.segments().serving(at.slot(), at.generation());
        return segment != null && frame.wrap(segment.buffer(), at.offset()).stateVolatile() == LIVE;
    }

    /** The segment of the live, whole frame that a hash stands for, whatever its key; a hint that fails is dropped. */
    private @Nullable Segment indexed(long hash) {
        if (!index.find(hash, place)) {
            return null;
        }
        Segment segment = parts.segments().serving(place.slot(), place.generation());
        if (segment == null) {
            drop(hash);
            return null;
        }
        frame.wrap(segment.buffer(), place.offset());
        boolean verified = place.verifiedAt() == parts.openCount();
        if (!frame.isInBounds() || (!verified && !isWhole(segment))) {
            drop(hash);
            parts.counters().damaged++;
            return null;
        }
        if (frame.stateVolatile() != LIVE) {
            if (!isRecovering()) {
                drop(hash);
            }
            return null;
        }
        if (!verified) {
            index.put(hash, place.wrap(segment.slot(), place.generation(), frame.offset(), parts.openCount()));
        }
        return segment;
    }

    private boolean isWhole(Segment segment) {
        if (!checksum.isHeaderWhole(segment, frame, segment.generation())) {
            return false;
        }
        if (frame.stateVolatile() == LIVE
                && !(checksum.isMetadataWhole(segment, frame) && checksum.isPayloadWhole(segment, frame))) {
            kill(segment, frame);
            return false;
        }
        return true;
    }

    /** Marks a live frame dead where it lies; every reader that looks after this sees it. */
    void kill(Segment segment, FrameFlyweight live) {
        live.stateRelease(DEAD);
        lifetimes.forget(live);
        segment.addLiveBytes(-live.frameLength());
    }

    /** Drops a key's frame. Answers whether it was valid until now. */
    boolean remove(Key key) {
        DirectBuffer bytes = key.buffer();
        long hash = hasher.hash(bytes, 0, key.length());
        Segment segment = findStale(bytes, 0, key.length(), hash);
        if (segment == null) {
            return false;
        }
        boolean wasValid = !lifetimes.isExpired(frame);
        kill(segment, frame);
        forget(hash);
        return wasValid;
    }

    /** Points a key's hash at a frame that is live already, after whatever it stood for is dead; false: index full. */
    boolean point(long hash, Segment segment, int frameOffset) {
        Segment before = indexed(hash);
        if (before != null) {
            kill(before, frame);
        }
        boolean indexed = index.put(hash,
                place.wrap(segment.slot(), segment.generation(), frameOffset, parts.openCount()));
        if (indexed) {
            requested(segment, hash, frame.wrap(segment.buffer(), frameOffset).frameLength());
        }
        return indexed;
    }

    /**
     * Points a found frame's key at it, when no other of a higher sequence was found or written; the older one is dead
     * then. Its payload is verified at its first read.
     */
    void recover(Segment segment, FrameFlyweight found, long hash) {
        if (index.find(hash, place)) {
            Segment before = parts.segments().serving(place.slot(), place.generation());
            if (before != null) {
                frame.wrap(before.buffer(), place.offset());
                if (frame.sequence() > found.sequence()) {
                    kill(segment, found);
                    return;
                }
                if (frame.stateVolatile() == LIVE) {
                    kill(before, frame);
                }
            }
        }
        place.wrap(segment.slot(), segment.generation(), found.offset(), parts.openCount() - 1);
        if (!index.put(hash, place)) {
            kill(segment, found);
            parts.counters().evictions++;
        } else {
            requested(segment, hash, found.frameLength());
        }
    }

    /** Whether a live frame is to be carried out of its segment: it is valid, indexed and kept by the policy. */
    boolean isWorthCarrying(Segment segment, FrameFlyweight live) {
        return parts.policy().isKept(hashOf(segment, live)) && !isOver(segment, live) && isIndexed(segment, live);
    }

    /**
     * Gives a live frame up. Answers whether it could have been served. A policy that did not keep it is not told: what
     * it remembers of such a frame is how it learns.
     */
    boolean evict(Segment segment, FrameFlyweight live) {
        boolean valid = !isOver(segment, live);
        kill(segment, live);
        return unindex(segment, live, !valid || parts.policy().isKept(hashOf(segment, live))) && valid;
    }

    /** Tells the policy of a frame that lies here since before the start, as if it had been asked for. */
    void introduce(Segment segment, FrameFlyweight live) {
        long hash = hashOf(segment, live);
        if (!parts.policy().isKept(hash) && isIndexed(segment, live)) {
            requested(segment, hash, live.frameLength());
        }
    }

    /** Ends a move: the copy takes the frame's place, unless the frame died or is over by now. */
    void finish(Segment from, FrameMove move) {
        FrameFlyweight source = move.source();
        Segment to = move.target();
        if (source.stateVolatile() != LIVE || isOver(from, source) || !isIndexed(from, source)) {
            move.abort();
            if (source.stateVolatile() == LIVE) {
                evict(from, source);
            }
            return;
        }
        long hash = hashOf(from, source);
        long length = source.frameLength();
        int verifiedAt = place.verifiedAt();
        move.publish();
        from.addLiveBytes(-length);
        to.addLiveBytes(length);
        to.noteExpiry(endMs(from, source));
        index.put(hashOf(from, source),
                place.wrap(to.slot(), to.generation(), move.copy().offset(), verifiedAt));
        parts.policy().onMoved(hash, to.slot());
        HeapEntry entry = parts.heap().find(from.buffer(), source.keyOffset(), source.keyLength(), hash);
        if (entry != null && entry.isAt(from, source.offset())) {
            entry.moved(to, move.copy().offset());
        }
    }

    /** When a live frame's memory is due, in ms since 1970, 0 for never. */
    long endMs(Segment segment, FrameFlyweight live) {
        return lifetimes.endMs(live, segment.buffer(), live.keyOffset(), live.keyLength());
    }

    /** Whether a frame has expired and is not retained, or is covered by an invalidation. */
    boolean isOver(Segment segment, FrameFlyweight live) {
        boolean isExpired = lifetimes.isExpired(live)
                && !lifetimes.isRetained(live, segment.buffer(), live.keyOffset(), live.keyLength());
        return isExpired || parts.invalidations().isStale(segment.buffer(),
                live.keyOffset(), live.keyLength(), live.epoch());
    }

    /** Whether the index names this very frame; its place is in {@link #place} then. */
    private boolean isIndexed(Segment segment, FrameFlyweight live) {
        return index.find(hashOf(segment, live), place)
                && place.is(segment.slot(), segment.generation(), live.offset());
    }

    /** Forgets the index entry of a dead frame, when it is that frame's, and an entry of the heap that needs it. */
    boolean unindex(Segment segment, FrameFlyweight gone) {
        return unindex(segment, gone, true);
    }

    private boolean unindex(Segment segment, FrameFlyweight gone, boolean tellsPolicy) {
        if (!isIndexed(segment, gone)) {
            return false;
        }
        long hash = hashOf(segment, gone);
        index.remove(hashOf(segment, gone));
        if (tellsPolicy) {
            parts.policy().onRemove(hash);
        }
        HeapEntry entry = parts.heap().find(segment.buffer(), gone.keyOffset(), gone.keyLength(), hash);
        if (entry != null && entry.isAt(segment, gone.offset())) {
            entry.left();
        }
        return true;
    }

    private long hashOf(Segment segment, FrameFlyweight of) {
        return hasher.hash(segment.buffer(), of.keyOffset(), of.keyLength());
    }

    /** Whether so many keys are indexed that room must be made. */
    boolean isIndexTight() {
        return index.count() > index.capacity() - index.capacity() / 16;
    }

    long entries() {
        return index.count();
    }
}
