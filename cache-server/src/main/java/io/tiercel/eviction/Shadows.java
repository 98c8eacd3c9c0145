package io.tiercel.eviction;

/**
 * Caches that are only imagined, one a rule, over a sample of the keys: they tell which rule is best of late. Not
 * threadsafe; single writer: the shard agent.
 *
 * <p>Idea: what is true of a sample of keys in a part of the capacity is nearly true of all keys in all of it. So each rule
 * imagines its cache for one key in 2^n, chosen by bits of the tag, and a capacity that is as much smaller. n grows by one
 * when more entries are kept than a sample needs, and shrinks when they are too few: where few entries are kept, all
 * are followed.
 *
 * <p>Cost: O(1) amortised for a request of the sample, nothing for another; {@value #LENGTH} bytes a row and 4 to 8 for
 * its bucket, two to five rows for each of at most {@value #MOST_SAMPLED} entries of the sample. When n grows, a few rows
 * that are of the sample no more are given up with each request, and the capacity follows: there is no pause.
 *
 * <p>Invariants: a row is in the table as long as a rule knows it. A row says whether its entry is kept; what a rule
 * holds and is not kept is counted as absent.
 *
 * <p>What we changed: the rate follows the count of entries, in steps of two; no correction for keys of many requests, since
 * all rules see the same ones.
 *
 * <p>Sources: 1. C. Waldspurger et al., "Efficient MRC Construction with SHARDS", FAST 2015, section 3 (sampling by hash).
 * 2. C. Waldspurger et al., "Cache Modeling and Optimization using Miniature Simulations", USENIX ATC 2017, section 3.
 *
 * <pre>
 * 13 owners: a bit a rule        1
 * 14 kept                        1
 * 15 unused                      1
 * 16 states, of each rule        8
 * 24 links of GDSF               8
 * 32 GDSF: priority              8
 * 40 links of LIRS's stack       8
 * 48 links of LIRS's queue       8
 * 56 links of S3-FIFO            8
 * 64 links of W-TinyLFU          8
 * </pre>
 */
final class Shadows implements Rule.Listener, KeptEntries.Listener, AutoCloseable {
    private static final int OWNERS = EntryTable.FIELDS_OFFSET;
    private static final int KEPT = OWNERS + Byte.BYTES;
    private static final int STATES = KEPT + 2 * Byte.BYTES;
    private static final int LINKS = STATES + Rules.COUNT * Short.BYTES;
    static final int LENGTH = LINKS + 6 * EntryList.LINKS_LENGTH;
    /** Kept entries of a sample, beyond which the next is half as large. */
    static final int MOST_SAMPLED = 16_384;

    private static final int MOST_SHIFT = 14;
    /** Above the bits by which buckets are found. */
    private static final int SAMPLE_SHIFT = 24;
    private static final int SWEPT_A_REQUEST = 8;
    private static final double LEAD_AN_ABSENT_ENTRY = 0.2;

    private final EntryTable table = new EntryTable(LENGTH);
    private final ShadowScores scores = new ShadowScores(Rules.COUNT);
    private final int[] absent = new int[Rules.COUNT];
    private final int mostSampled;
    private final Rule[] rules;
    private long fullCapacity;
    private int shift;
    private int sweepRow;
    private int sweepEnd;
    private int current;

    Shadows(long capacity, int mostSampled, FrequencySketch sketch) {
        this.fullCapacity = capacity;
        this.mostSampled = mostSampled;
        this.rules = Rules.over(table, new RuleFields[]{fields(0, 0), fields(1, 2), fields(2, 4), fields(3, 5)}, this,
                capacity, sketch);
    }

    private static RuleFields fields(int rule, int lists) {
        int links = LINKS + lists * EntryList.LINKS_LENGTH;
        return new RuleFields(OWNERS, STATES + rule * Short.BYTES, links, links + EntryList.LINKS_LENGTH);
    }

    /** Whether a tag is of the sample. */
    boolean isSampled(long tag) {
        return ((tag >>> SAMPLE_SHIFT) & ((1L << shift) - 1)) == 0;
    }

    /** The sample is one key in so many. */
    int rate() {
        return 1 << shift;
    }

    /** Rows in use. */
    int rowCount() {
        return table.rowCount();
    }

    long allocatedBytes() {
        return table.allocatedBytes();
    }

    /**
     * A request of the sample, after which the entry is kept; of so many that are kept in all. Answers whether the shadow of
     * the rule that is followed had it.
     */
    boolean onRequest(long tag, long weight, int keptCount, int followed) {
        fit(keptCount);
        scores.onRequest(keptCount >> shift);
        if (weight > rules[0].capacity()) {
            remove(tag);
            return false;
        }
        int row = table.find(tag);
        if (row == EntryTable.NONE) {
            row = table.add(tag, weight);
        } else {
            weigh(row, weight);
            if (table.byteAt(row, KEPT) == 0) {
                countAbsent(row, -1);
            }
        }
        table.byteAt(row, KEPT, 1);
        current = row;
        boolean isHeld = rules[followed].holds(row);
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].onRequest(row)) {
                scores.onHit(i);
            }
        }
        current = EntryTable.NONE;
        freeIfUnused(row);
        return isHeld;
    }

    private void weigh(int row, long weight) {
        long delta = weight - table.weight(row);
        if (delta != 0) {
            for (Rule rule : rules) {
                rule.onWeight(row, delta);
            }
            table.weight(row, weight);
        }
    }

    @Override
    public void onUnkept(long tag) {
        int row = isSampled(tag) ? table.find(tag) : EntryTable.NONE;
        if (row != EntryTable.NONE && table.byteAt(row, KEPT) != 0) {
            table.byteAt(row, KEPT, 0);
            countAbsent(row, 1);
        }
    }

    /** An entry is gone. */
    void remove(long tag) {
        int row = table.find(tag);
        if (row != EntryTable.NONE) {
            current = row;
            for (Rule rule : rules) {
                rule.remove(row);
            }
            current = EntryTable.NONE;
            freeIfUnused(row);
        }
    }

    /** The rule to follow from now on: another than was followed where it leads by more than its change would cost. */
    int best(int followed) {
        int best = scores.best(followed);
        boolean isAhead = scores.lead(best, followed) >= LEAD_AN_ABSENT_ENTRY * absent[best];
        return isAhead ? best : followed;
    }

    void capacity(long bytes) {
        fullCapacity = bytes;
        share();
    }

    /** Takes a smaller or larger sample where the count of entries asks for it. */
    private void fit(int keptCount) {
        if (sweepRow < sweepEnd) {
            sweepSome();
        } else if (keptCount >> shift > mostSampled && shift < MOST_SHIFT) {
            shift++;
            sweepRow = 1;
            sweepEnd = table.rowsEnd();
        } else if (shift > 0 && keptCount >> shift < mostSampled / 8) {
            shift--;
            share();
        }
    }

    /** Gives up a few rows that are of the sample no more, and the capacity that they had. */
    private void sweepSome() {
        for (int i = 0; i < SWEPT_A_REQUEST && sweepRow < sweepEnd; i++) {
            if (table.byteAt(sweepRow, OWNERS) != 0 && !isSampled(table.tag(sweepRow))) {
                remove(table.tag(sweepRow));
            }
            sweepRow++;
        }
        share();
    }

    private void share() {
        long share = fullCapacity >> shift;
        if (sweepRow < sweepEnd) {
            share += (long) ((double) share * (sweepEnd - sweepRow) / sweepEnd);
        }
        for (Rule rule : rules) {
            rule.capacity(Math.max(1, share));
        }
    }

    /** What is kept no more, or will be again, is absent for the rules that hold it. */
    private void countAbsent(int row, int delta) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].holds(row)) {
                absent[i] += delta;
            }
        }
    }

    @Override
    public void onDropped(int rule, int row) {
        if (table.byteAt(row, KEPT) == 0) {
            absent[rule]--;
        }
    }

    @Override
    public void onForgotten(int row) {
        freeIfUnused(row);
    }

    private void freeIfUnused(int row) {
        if (row != current && table.byteAt(row, OWNERS) == 0) {
            table.remove(row);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
