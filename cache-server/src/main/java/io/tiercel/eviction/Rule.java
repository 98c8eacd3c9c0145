package io.tiercel.eviction;

/**
 * A cache of a known rule, over rows of a table: imagined, where it is told of requests and knows what it would hold, or
 * the one that is obeyed. Its lists run through rows that it may share with others. Not threadsafe; single writer: the
 * shard agent.
 */
abstract class Rule {
    /** Hears of what a rule lets go. */
    interface Listener {
        /** A row is held no more by the rule of that number. */
        void onDropped(int rule, int row);

        /** No rule holds or remembers a row any more. */
        void onForgotten(int row);
    }

    final EntryTable table;
    final RuleFields fields;
    private final Listener listener;
    private final int number;
    private long capacity;

    Rule(EntryTable table, RuleFields fields, Listener listener, int number, long capacity) {
        this.table = table;
        this.fields = fields;
        this.listener = listener;
        this.number = number;
        this.capacity = capacity;
    }

    /** Whether the row's entry is in this cache; a rule that remembers more than it holds says which. */
    boolean holds(int row) {
        return knows(row);
    }

    /** A request for a row's entry, which weighs no more than the capacity. Answers whether it was held before. */
    abstract boolean onRequest(int row);

    /**
     * Holds a row that it does not know, as worth less than all that it holds; the caller sees to the capacity.
     *
     * @param uses how often it was asked for of late, roughly.
     */
    abstract void adopt(int row, int uses);

    /**
     * Holds a row, which it holds now and was just asked for, as what it would hold longest: in an imagined cache of the
     * same rule it has stayed.
     *
     * @param uses how often it was asked for of late, roughly.
     */
    abstract void prefer(int row, int uses);

    /** The weight of a row is about to grow by that; {@link #onRequest} or {@link #remove} follows. */
    abstract void onWeight(int row, long delta);

    /** Lets go of what is beyond the capacity. */
    abstract void shrink();

    /** Lets go of the held row that is worth least, if there is one. */
    abstract void evict();

    /** Bytes that it holds. */
    abstract long heldBytes();

    /** About the last row that would go, held or remembered, or {@link EntryTable#NONE} where it knows none. */
    abstract int best();

    /** Takes a row that it knows out of its lists. */
    abstract void unlink(int row);

    /** Lets go of a row and of what is remembered of it. */
    final void remove(int row) {
        if (!knows(row)) {
            return;
        }
        boolean held = holds(row);
        unlink(row);
        if (held) {
            listener.onDropped(number, row);
        }
        forget(row);
    }

    /** Gives up a row that it knows, for another rule to adopt: the listener hears nothing. */
    final void handOver(int row) {
        unlink(row);
        table.byteAt(row, fields.owners(), table.byteAt(row, fields.owners()) & ~(1 << number));
    }

    final long capacity() {
        return capacity;
    }

    final void capacity(long bytes) {
        capacity = bytes;
        shrink();
    }

    /** Whether this rule has the row in one of its lists. */
    final boolean knows(int row) {
        return (table.byteAt(row, fields.owners()) & (1 << number)) != 0;
    }

    final void learn(int row) {
        table.byteAt(row, fields.owners(), table.byteAt(row, fields.owners()) | (1 << number));
    }

    final void forget(int row) {
        int left = table.byteAt(row, fields.owners()) & ~(1 << number);
        table.byteAt(row, fields.owners(), left);
        if (left == 0) {
            listener.onForgotten(row);
        }
    }

    final void dropped(int row) {
        listener.onDropped(number, row);
    }
}
