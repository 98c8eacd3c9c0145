package io.tiercel.index;

import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An index that answers from its first moment, while the one in the file is still being made: places go to a small table
 * on the heap until {@link #supply}, and from then on to the file; those on the heap follow, some at each
 * {@link #transfer}. Single writer: the shard agent.
 */
public final class OpeningIndex implements FrameIndex {
    /** Most places on the heap. */
    static final int INTERIM_CAPACITY = 1 << 18;

    /** What is left to places that are written meanwhile, when those that are found wait for room. */
    private static final int RESERVE = INTERIM_CAPACITY / 4;

    private final long capacity;
    private final Long2ObjectHashMap<FramePlace> interim = new Long2ObjectHashMap<>();
    private final ArrayDeque<Long> order = new ArrayDeque<>();
    private final FramePlace scratch = new FramePlace();
    private @Nullable FrameIndex made;

    /** @param capacity of the index to come. */
    public OpeningIndex(long capacity) {
        this.capacity = capacity;
    }

    /** The index in the file is there, empty; it is closed with this one. */
    public void supply(FrameIndex index) {
        made = index;
    }

    /** Whether the index in the file is there. */
    public boolean isSupplied() {
        return made != null;
    }

    /** Whether there is room for what was found, which can wait, besides what is written, which cannot. */
    public boolean hasRoomForFound() {
        return made != null || interim.size() < INTERIM_CAPACITY - RESERVE;
    }

    /** Moves at most {@code limit} places into the file. Answers how many. */
    public int transfer(int limit) {
        FrameIndex index = made;
        if (index == null) {
            return 0;
        }
        int moved = 0;
        while (moved < limit && !order.isEmpty()) {
            long hash = order.remove();
            FramePlace place = interim.remove(hash);
            if (place != null && !index.put(hash, place)) {
                throw new IllegalStateException("index is full before its capacity=" + capacity);
            }
            moved++;
        }
        return moved;
    }

    @Override
    public boolean find(long hash, FramePlace out) {
        FramePlace place = interim.isEmpty() ? null : interim.get(hash);
        if (place != null) {
            out.wrap(place.slot(), place.generation(), place.offset(), place.verifiedAt());
            return true;
        }
        return made != null && made.find(hash, out);
    }

    @Override
    public boolean put(long hash, FramePlace place) {
        FramePlace present = interim.isEmpty() ? null : interim.get(hash);
        if (present != null) {
            present.wrap(place.slot(), place.generation(), place.offset(), place.verifiedAt());
            return true;
        }
        if (made != null) {
            // One place more in the file than there will be at the end would leave one of the heap's without.
            return (count() < capacity || made.find(hash, scratch)) && made.put(hash, place);
        }
        if (interim.size() >= Math.min(capacity, INTERIM_CAPACITY)) {
            return false;
        }
        interim.put(hash,
                new FramePlace().wrap(place.slot(), place.generation(), place.offset(), place.verifiedAt()));
        order.add(hash);
        return true;
    }

    @Override
    public void remove(long hash) {
        if (interim.isEmpty() || interim.remove(hash) == null) {
            if (made != null) {
                made.remove(hash);
            }
        }
    }

    @Override
    public long count() {
        return interim.size() + (made == null ? 0L : made.count());
    }

    @Override
    public long capacity() {
        return capacity;
    }

    /** Moves what is left and closes the file; one that was never supplied leaves nothing to open again. */
    @Override
    public void close() {
        if (made != null) {
            transfer(Integer.MAX_VALUE);
            made.close();
        }
    }
}
