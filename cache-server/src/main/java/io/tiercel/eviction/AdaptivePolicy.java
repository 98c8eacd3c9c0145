package io.tiercel.eviction;

/**
 * Keeps what the best of four known policies would keep. Not threadsafe; single writer: the shard agent.
 *
 * <p>Idea: no policy is near the best for all workloads, and each is cheap to imagine: shadows of GDSF, LIRS, S3-FIFO and
 * W-TinyLFU see all requests, with their keys and weights alone. The shadow that had the most hits of late is followed:
 * what it does not hold goes first. What another holds and was given up is absent: it cannot come back before it is asked
 * for. So another is followed only once its lead, in hits of late, is a fifth of what it would find absent.
 *
 * <p>Cost: O(1) amortised a request; a change of the shadow is spread over the requests behind it. No locks. On the heap
 * nothing that grows with the entries but pointers to chunks of 4,096 rows; outside {@value EntryFields#LENGTH} bytes a
 * row and 4 to 8 for its bucket. There is a row for each entry that is kept or that a shadow holds or remembers, which
 * are two to five for each that is kept. The frequency sketch has 8 to 16 bytes for each of the most entries.
 *
 * <p>Invariants: the kept entries never weigh more than the capacity when a call returns; the listener has heard exactly
 * what they weigh at each place; a row is in the table as long as it is kept or a shadow knows it. Decisions do not
 * depend on the clock, and on the secret only where counts of the sketch collide.
 *
 * <p>What we changed: all bounds are bytes; one table for all shadows; nothing is sampled.
 *
 * <p>Sources: 1. I. Ari et al., "ACME: Adaptive Caching Using Multiple Experts", WDAS 2002, section 3 (virtual caches and
 * a pool of experts). 2. G. Vietri et al., "Driving Cache Replacement with ML-based LeCaR", HotStorage 2018, section 3
 * (regret that fades). The shadows name their own.
 */
public final class AdaptivePolicy implements EvictionPolicy {
    private static final double SKETCH_PERIODS = 10;
    private static final double LEAD_AN_ABSENT_ENTRY = 0.2;
    private static final int LEAST_SKETCH_ENTRIES = 128;

    private final EntryTable table;
    private final FrequencySketch sketch;
    private final Shadow[] shadows;
    private final ShadowScores scores;
    private final KeptEntries kept;
    private long capacity;
    private int followed;
    private int changeCount;
    private int current;
    private final int[] absent;

    /**
     * @param capacity    most bytes that are kept.
     * @param mostEntries that the tier may hold; sizes the sketch. More are correct, and judged less sharply.
     * @param secret      by which hashes are spread: what clients must not know. The same one gives the same decisions.
     * @param listener    hears of bytes kept.
     */
    public AdaptivePolicy(long capacity, long mostEntries, long secret, Listener listener) {
        checkCapacity(capacity);
        if (mostEntries < 1) {
            throw new IllegalArgumentException("mostEntries=" + mostEntries + ": expected at least 1");
        }
        this.capacity = capacity;
        this.table = new EntryTable(EntryFields.LENGTH, Mixer.mix(secret));
        this.sketch = new FrequencySketch(mostEntries, Mixer.mix(secret + 1));
        Rows rows = new Rows();
        this.shadows = new Shadow[]{new GdsfShadow(table, rows, 0, capacity), new LirsShadow(table, rows, 1, capacity),
            new S3FifoShadow(table, rows, 2, capacity), new TinyLfuShadow(table, rows, 3, capacity, sketch)};
        this.absent = new int[shadows.length];
        this.scores = new ShadowScores(shadows.length);
        this.kept = new KeptEntries(table, listener, shadows[0]);
    }

    @Override
    public boolean onRequest(long hash, long weight, int place) {
        if (weight < 1) {
            throw new IllegalArgumentException("weight=" + weight + ": expected at least 1");
        }
        if (weight > capacity) {
            boolean wasKept = isKept(hash);
            onRemove(hash);
            return wasKept;
        }
        int row = table.find(hash);
        if (row == EntryTable.NONE) {
            row = table.add(hash, weight, place);
        } else {
            change(row, weight, place);
        }
        boolean wasKept = kept.contains(row);
        current = row;
        if (!wasKept) {
            countAbsent(row, -1);
        }
        askShadows(row);
        kept.onRequest(row);
        followBest();
        keepWithin();
        current = EntryTable.NONE;
        freeIfUnused(row);
        return wasKept;
    }

    private void askShadows(int row) {
        sketch.increment(table.hash(row), Math.max(kept.count(), LEAST_SKETCH_ENTRIES) * SKETCH_PERIODS);
        scores.onRequest(kept.count());
        for (int i = 0; i < shadows.length; i++) {
            if (shadows[i].onRequest(row)) {
                scores.onHit(i);
            }
        }
    }

    private void followBest() {
        if (!kept.isSorted()) {
            kept.sortSome();
            return;
        }
        int best = scores.best(followed);
        if (best != followed && scores.lead(best, followed) >= LEAD_AN_ABSENT_ENTRY * absent[best]) {
            followed = best;
            changeCount++;
            kept.follow(shadows[best]);
        }
    }

    private void keepWithin() {
        while (kept.bytes() > capacity) {
            int row = kept.victim();
            kept.remove(row);
            countAbsent(row, 1);
            freeIfUnused(row);
        }
    }

    /** A row that is kept no more, or will be, is absent for the shadows that hold it. */
    private void countAbsent(int row, int delta) {
        for (int i = 0; i < shadows.length; i++) {
            if (shadows[i].holds(row)) {
                absent[i] += delta;
            }
        }
    }

    private void change(int row, long weight, int place) {
        kept.onChange(row, weight, place);
        long delta = weight - table.weight(row);
        if (delta != 0) {
            for (Shadow shadow : shadows) {
                shadow.onWeight(row, delta);
            }
            table.weight(row, weight);
        }
        table.place(row, place);
    }

    @Override
    public void onMoved(long hash, int place) {
        int row = table.find(hash);
        if (row != EntryTable.NONE && kept.contains(row)) {
            change(row, table.weight(row), place);
        }
    }

    @Override
    public void onRemove(long hash) {
        int row = table.find(hash);
        if (row == EntryTable.NONE) {
            return;
        }
        current = row;
        if (!kept.contains(row)) {
            countAbsent(row, -1);
        }
        for (Shadow shadow : shadows) {
            shadow.remove(row);
        }
        if (kept.contains(row)) {
            kept.remove(row);
        }
        current = EntryTable.NONE;
        freeIfUnused(row);
    }

    @Override
    public boolean isKept(long hash) {
        int row = table.find(hash);
        return row != EntryTable.NONE && kept.contains(row);
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void capacity(long bytes) {
        checkCapacity(bytes);
        capacity = bytes;
        for (Shadow shadow : shadows) {
            shadow.capacity(bytes);
        }
        keepWithin();
    }

    @Override
    public long keptBytes() {
        return kept.bytes();
    }

    @Override
    public long keptCount() {
        return kept.count();
    }

    /** How often another shadow was followed than before. */
    int changeCount() {
        return changeCount;
    }

    /** Rows in use: what is kept, and what shadows hold or remember. */
    public int rowCount() {
        return table.rowCount();
    }

    /** Bytes outside the heap. */
    public long offHeapBytes() {
        return table.allocatedBytes() + sketch.allocatedBytes();
    }

    @Override
    public void close() {
        table.close();
        sketch.close();
    }

    private void freeIfUnused(int row) {
        if (row != current && table.byteAt(row, EntryFields.OWNERS) == 0 && !kept.contains(row)) {
            table.remove(row);
        }
    }

    private static void checkCapacity(long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + ": expected at least 1");
        }
    }

    /** What the shadows tell of their rows. */
    private final class Rows implements Shadow.Listener {
        @Override
        public void onDropped(int shadow, int row) {
            if (row != current && !kept.contains(row)) {
                absent[shadow]--;
            } else if (shadow == followed) {
                kept.onSurplus(row);
            }
        }

        @Override
        public void onForgotten(int row) {
            freeIfUnused(row);
        }
    }
}
