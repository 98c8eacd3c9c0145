package io.tiercel.eviction;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Keeps what was requested last. A list through arrays, found by hash. The plain thing to compare others with: one scan
 * empties it.
 */
public final class LruPolicy implements EvictionPolicy {
    private static final int NONE = 0;
    private static final int FIRST_ROWS = 64;

    private final Listener listener;
    private final Long2LongHashMap rows = new Long2LongHashMap(NONE);
    private long[] hashes = new long[FIRST_ROWS];
    private long[] weights = new long[FIRST_ROWS];
    private int[] places = new int[FIRST_ROWS];
    private int[] older = new int[FIRST_ROWS];
    private int[] newer = new int[FIRST_ROWS];
    private int rowsEnd = 1;
    private int freeRow = NONE;
    private int oldest = NONE;
    private int newest = NONE;
    private long capacity;
    private long keptBytes;

    public LruPolicy(long capacity, Listener listener) {
        checkCapacity(capacity);
        this.capacity = capacity;
        this.listener = listener;
    }

    @Override
    public boolean onRequest(long hash, long weight, int place) {
        if (weight < 1) {
            throw new IllegalArgumentException("weight=" + weight + ": expected at least 1");
        }
        int row = (int) rows.get(hash);
        boolean kept = row != NONE;
        if (kept) {
            count(row, -1);
            unlink(row);
        } else {
            row = newRow();
            hashes[row] = hash;
            rows.put(hash, row);
        }
        weights[row] = weight;
        places[row] = place;
        count(row, 1);
        link(row);
        if (weight > capacity) {
            drop(row);
        }
        trim();
        return kept;
    }

    @Override
    public void onMoved(long hash, int place) {
        int row = (int) rows.get(hash);
        if (row != NONE) {
            count(row, -1);
            places[row] = place;
            count(row, 1);
        }
    }

    @Override
    public void onRemove(long hash) {
        int row = (int) rows.get(hash);
        if (row != NONE) {
            drop(row);
        }
    }

    @Override
    public boolean isKept(long hash) {
        return rows.get(hash) != NONE;
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void capacity(long bytes) {
        checkCapacity(bytes);
        capacity = bytes;
        trim();
    }

    @Override
    public long keptBytes() {
        return keptBytes;
    }

    @Override
    public long keptCount() {
        return rows.size();
    }

    @Override
    public void close() {
        rows.clear();
    }

    private static void checkCapacity(long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + ": expected at least 1");
        }
    }

    private void trim() {
        while (keptBytes > capacity) {
            drop(oldest);
        }
    }

    private void drop(int row) {
        count(row, -1);
        unlink(row);
        rows.remove(hashes[row]);
        newer[row] = freeRow;
        freeRow = row;
    }

    private void count(int row, int sign) {
        keptBytes += sign * weights[row];
        listener.onKeptBytes(places[row], sign * weights[row]);
    }

    private void link(int row) {
        older[row] = newest;
        newer[row] = NONE;
        if (newest == NONE) {
            oldest = row;
        } else {
            newer[newest] = row;
        }
        newest = row;
    }

    private void unlink(int row) {
        if (older[row] == NONE) {
            oldest = newer[row];
        } else {
            newer[older[row]] = newer[row];
        }
        if (newer[row] == NONE) {
            newest = older[row];
        } else {
            older[newer[row]] = older[row];
        }
    }

    private int newRow() {
        if (freeRow != NONE) {
            int row = freeRow;
            freeRow = newer[row];
            return row;
        }
        if (rowsEnd == hashes.length) {
            int length = 2 * rowsEnd;
            hashes = Arrays.copyOf(hashes, length);
            weights = Arrays.copyOf(weights, length);
            places = Arrays.copyOf(places, length);
            older = Arrays.copyOf(older, length);
            newer = Arrays.copyOf(newer, length);
        }
        return rowsEnd++;
    }
}
