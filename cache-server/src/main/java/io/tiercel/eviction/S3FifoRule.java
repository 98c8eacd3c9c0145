package io.tiercel.eviction;

/**
 * The S3-FIFO cache.
 *
 * <p>Idea: new entries queue in a tenth of the bytes; those asked for twice there move on to the main queue, the others
 * leave a ghost. What returns while its ghost is there goes to the main queue at once. That one spares what was used
 * since, once for each use up to three.
 *
 * <p>Cost: O(1) amortised: an entry is spared at most three times for as many uses.
 *
 * <p>Invariants: a row that is known is in exactly one of the queues; ghosts weigh at most half the capacity.
 *
 * <p>What we changed: bounds are bytes; there are fewer ghosts.
 *
 * <p>Sources: 1. J. Yang et al., "FIFO Queues are All You Need for Cache Eviction", SOSP 2023, section 4.
 */
final class S3FifoRule extends Rule {
    private static final int SMALL = 1;
    private static final int MAIN = 2;
    private static final int GHOST = 3;
    private static final int QUEUE_MASK = 3;
    private static final int USE_SHIFT = 2;
    private static final int MOST_USES = 3;
    private static final int USES_FOR_MAIN = 2;

    private final EntryList small;
    private final EntryList main;
    private final EntryList ghosts;

    S3FifoRule(EntryTable table, RuleFields fields, Listener listener, int number, long capacity) {
        super(table, fields, listener, number, capacity);
        this.small = new EntryList(table, fields.links());
        this.main = new EntryList(table, fields.links());
        this.ghosts = new EntryList(table, fields.links());
    }

    @Override
    boolean holds(int row) {
        int queue = queueOf(row);
        return queue == SMALL || queue == MAIN;
    }

    @Override
    boolean onRequest(int row) {
        int queue = queueOf(row);
        boolean held = queue == SMALL || queue == MAIN;
        if (held) {
            int uses = table.shortAt(row, fields.state()) >>> USE_SHIFT;
            set(row, queue, Math.min(MOST_USES, uses + 1));
        } else if (queue == GHOST) {
            ghosts.remove(row);
            set(row, MAIN, 0);
            main.addLast(row);
        } else {
            learn(row);
            set(row, SMALL, 0);
            small.addLast(row);
        }
        shrink();
        return held;
    }

    @Override
    void adopt(int row, int uses) {
        learn(row);
        set(row, MAIN, Math.min(MOST_USES, uses / USES_FOR_MAIN));
        main.addFirst(row);
    }

    @Override
    void prefer(int row, int uses) {
        if (queueOf(row) == SMALL) {
            small.remove(row);
            set(row, MAIN, 0);
            main.addLast(row);
        }
    }

    @Override
    void unlink(int row) {
        listOf(queueOf(row)).remove(row);
        set(row, 0, 0);
    }

    @Override
    int best() {
        return !main.isEmpty() ? main.last() : !small.isEmpty() ? small.last() : ghosts.last();
    }

    @Override
    void onWeight(int row, long delta) {
        int queue = queueOf(row);
        if (queue != 0) {
            listOf(queue).onWeight(delta);
        }
    }

    @Override
    void shrink() {
        while (heldBytes() > capacity()) {
            evictOrSpare();
        }
        while (ghosts.bytes() > capacity() / 2) {
            remove(ghosts.first());
        }
    }

    @Override
    long heldBytes() {
        return small.bytes() + main.bytes();
    }

    @Override
    void evict() {
        int before = small.count() + main.count();
        while (before > 0 && small.count() + main.count() == before) {
            evictOrSpare();
        }
    }

    private void evictOrSpare() {
        if (!small.isEmpty() && (small.bytes() > capacity() / 10 || main.isEmpty())) {
            evictSmall();
        } else {
            evictMain();
        }
    }

    private void evictSmall() {
        int row = small.first();
        small.remove(row);
        if (table.shortAt(row, fields.state()) >>> USE_SHIFT >= USES_FOR_MAIN) {
            set(row, MAIN, 0);
            main.addLast(row);
        } else {
            set(row, GHOST, 0);
            ghosts.addLast(row);
            dropped(row);
        }
    }

    private void evictMain() {
        int row = main.first();
        int uses = table.shortAt(row, fields.state()) >>> USE_SHIFT;
        if (uses > 0) {
            set(row, MAIN, uses - 1);
            main.moveToLast(row);
        } else {
            remove(row);
        }
    }

    private EntryList listOf(int queue) {
        return queue == SMALL ? small : queue == MAIN ? main : ghosts;
    }

    private int queueOf(int row) {
        return knows(row) ? table.shortAt(row, fields.state()) & QUEUE_MASK : 0;
    }

    private void set(int row, int queue, int uses) {
        table.shortAt(row, fields.state(), (uses << USE_SHIFT) | queue);
    }
}
