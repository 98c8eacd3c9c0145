package io.tiercel.index;

/**
 * An index with the places that were looked up last in front of it: a table on the heap, of sets by hash,
 * {@value #WAYS} places a set, of which the one that came first makes room. A set is as long as a line of the processor's
 * cache. What is put or removed goes to both at once, so that they never differ. Allocates nothing. Single writer: the
 * shard agent.
 *
 * <p>Why: a look-up in a map that locks, counts and checks for others costs as much as all the rest of a hit.
 */
public final class RecentPlaces implements FrameIndex {
    private static final int WAYS = 2;
    private static final int SETS = 1 << 13;
    /** Hash, generation, slot and offset, start at which it was verified. */
    private static final int WAY_LENGTH = 4;
    private static final int SET_LENGTH = WAYS * WAY_LENGTH;
    /** In place of a hash; a key of that hash is looked up behind each time. */
    private static final long NONE = 0L;
    private static final int ABSENT = -1;

    private final FrameIndex index;
    private final long[] ways = new long[SETS * SET_LENGTH];

    /** @param index behind, which nobody else changes; closed with this one. */
    public RecentPlaces(FrameIndex index) {
        this.index = index;
    }

    @Override
    public boolean find(long hash, FramePlace out) {
        int way = wayOf(hash);
        if (way != ABSENT) {
            long at = ways[way + 2];
            out.wrap((int) (at >>> Integer.SIZE), ways[way + 1], (int) at, (int) ways[way + 3]);
            return true;
        }
        if (!index.find(hash, out)) {
            return false;
        }
        add(hash, out);
        return true;
    }

    @Override
    public boolean put(long hash, FramePlace place) {
        if (!index.put(hash, place)) {
            return false;
        }
        int way = wayOf(hash);
        if (way == ABSENT) {
            add(hash, place);
        } else {
            write(way, hash, place);
        }
        return true;
    }

    @Override
    public void remove(long hash) {
        int way = wayOf(hash);
        if (way != ABSENT) {
            ways[way] = NONE;
        }
        index.remove(hash);
    }

    @Override
    public long count() {
        return index.count();
    }

    @Override
    public long capacity() {
        return index.capacity();
    }

    @Override
    public void close() {
        index.close();
    }

    private int wayOf(long hash) {
        int first = firstWay(hash);
        if (hash == NONE) {
            return ABSENT;
        }
        if (ways[first] == hash) {
            return first;
        }
        return ways[first + WAY_LENGTH] == hash ? first + WAY_LENGTH : ABSENT;
    }

    /** By bits other than those that the store's table of recent requests chooses by. */
    private static int firstWay(long hash) {
        return ((int) (hash >>> 20) & SETS - 1) * SET_LENGTH;
    }

    /** Takes a place in first in its set; the one that was first is second now. */
    private void add(long hash, FramePlace place) {
        if (hash != NONE) {
            int first = firstWay(hash);
            System.arraycopy(ways, first, ways, first + WAY_LENGTH, WAY_LENGTH);
            write(first, hash, place);
        }
    }

    private void write(int way, long hash, FramePlace place) {
        ways[way] = hash;
        ways[way + 1] = place.generation();
        ways[way + 2] = (long) place.slot() << Integer.SIZE | Integer.toUnsignedLong(place.offset());
        ways[way + 3] = place.verifiedAt();
    }
}
