package io.tiercel.eviction;

import java.util.Arrays;

/**
 * The GDSF cache: uses a byte, and age.
 *
 * <p>Idea: an entry's priority is its uses by its bytes, above that of what went last; the lowest goes first. Rows of
 * nearly equal gain share a queue, in which priorities only grow, so that the lowest is at the head of one of the queues;
 * a tree over the heads finds it.
 *
 * <p>Cost: O(1): nine steps in the tree, whatever the count of entries; 32 KiB of heap in all.
 *
 * <p>Invariants: each known row is in the queue that it names; a queue's head has its lowest priority.
 *
 * <p>What we changed: gains are rounded down to an eighth of a power of two; uses are counted up to 127.
 *
 * <p>Sources: 1. L. Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching Policy",
 * HPL-98-69R1, 1998, section 3. 2. S. Ghandeharizadeh et al., "CAMP: A Cost Adaptive Multi-Queue Eviction Policy for
 * Key-Value Stores", Middleware 2014, section 2 (rounding).
 */
final class GdsfRule extends Rule {
    private static final int SIZES_AN_OCTAVE_BITS = 3;
    private static final int QUEUES = 512;
    private static final int QUEUE_MASK = QUEUES - 1;
    private static final int USES_SHIFT = 9;
    private static final int MOST_USES = 127;

    private final EntryList[] queues = new EntryList[QUEUES];
    private final double[] gains = new double[QUEUES];
    private final double[] lowest = new double[2 * QUEUES];
    private double inflation;
    private long bytes;
    /** No queue above has a row. */
    private int highest;

    GdsfRule(EntryTable table, RuleFields fields, Listener listener, int number, long capacity) {
        super(table, fields, listener, number, capacity);
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new EntryList(table, fields.links());
            gains[i] = gainOf(i);
        }
        Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    }

    @Override
    boolean onRequest(int row) {
        boolean held = knows(row);
        int uses = 1;
        if (held) {
            uses = Math.min(MOST_USES, (table.shortAt(row, fields.state()) >>> USES_SHIFT) + 1);
            unlink(row);
        } else {
            learn(row);
        }
        int queue = prepare(row, uses);
        queues[queue].addLast(row);
        refresh(queue);
        shrink();
        return held;
    }

    @Override
    void adopt(int row, int uses) {
        learn(row);
        int queue = prepare(row, Math.clamp(uses, 1, MOST_USES));
        queues[queue].addFirst(row);
        refresh(queue);
    }

    @Override
    void prefer(int row, int uses) {
        unlink(row);
        int queue = prepare(row, Math.clamp(uses, 1, MOST_USES));
        queues[queue].addLast(row);
        refresh(queue);
    }

    /** Answers the queue into which a row goes for so many uses. */
    private int prepare(int row, int uses) {
        int queue = queueOf(uses, table.weight(row));
        table.shortAt(row, fields.state(), (uses << USES_SHIFT) | queue);
        table.longAt(row, fields.moreLinks(), Double.doubleToRawLongBits(inflation + gains[queue]));
        bytes += table.weight(row);
        highest = Math.max(highest, queue);
        return queue;
    }

    @Override
    void unlink(int row) {
        int queue = table.shortAt(row, fields.state()) & QUEUE_MASK;
        queues[queue].remove(row);
        bytes -= table.weight(row);
        refresh(queue);
    }

    @Override
    int best() {
        while (highest > 0 && queues[highest].isEmpty()) {
            highest--;
        }
        return queues[highest].last();
    }

    @Override
    void onWeight(int row, long delta) {
        if (knows(row)) {
            queues[table.shortAt(row, fields.state()) & QUEUE_MASK].onWeight(delta);
            bytes += delta;
        }
    }

    @Override
    void shrink() {
        while (bytes > capacity()) {
            evict();
        }
    }

    @Override
    void evict() {
        if (bytes == 0) {
            return;
        }
        int node = 1;
        while (node < QUEUES) {
            node = 2 * node + (lowest[2 * node] <= lowest[2 * node + 1] ? 0 : 1);
        }
        inflation = lowest[node];
        remove(queues[node - QUEUES].first());
    }

    @Override
    long heldBytes() {
        return bytes;
    }

    private void refresh(int queue) {
        int first = queues[queue].first();
        int node = queue + QUEUES;
        double least = first == EntryTable.NONE
                ? Double.POSITIVE_INFINITY
                : Double.longBitsToDouble(table.longAt(first, fields.moreLinks()));
        // Above a node that stays as it is, nothing changes.
        while (node > 0 && lowest[node] != least) {
            lowest[node] = least;
            node >>= 1;
            least = node > 0 ? Math.min(lowest[2 * node], lowest[2 * node + 1]) : 0;
        }
    }

    /** 8 queues for each doubling of uses a byte; gains are counted in 2^-48. */
    private static int queueOf(int uses, long weight) {
        long ratio = ((long) uses << 48) / weight;
        int octave = 63 - Long.numberOfLeadingZeros(ratio | 8);
        int part = (int) (ratio >>> (octave - SIZES_AN_OCTAVE_BITS)) & ((1 << SIZES_AN_OCTAVE_BITS) - 1);
        return Math.min(QUEUES - 1, (octave << SIZES_AN_OCTAVE_BITS) | part);
    }

    private static double gainOf(int queue) {
        int octave = queue >>> SIZES_AN_OCTAVE_BITS;
        int part = queue & ((1 << SIZES_AN_OCTAVE_BITS) - 1);
        return Math.scalb(1.0 + part / (double) (1 << SIZES_AN_OCTAVE_BITS), octave);
    }
}
