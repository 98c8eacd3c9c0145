package io.tiercel.eviction;

/**
 * A cache of a known rule that is only imagined: it sees all requests and knows what it would hold. Its lists run
 * through the rows of a table that it shares with others. Not threadsafe; single writer: the shard agent.
 */
abstract class Shadow {
    /** Hears of what a shadow lets go. */
    interface Listener {
        /** A row is held no more by the shadow of that number. */
        void onDropped(int shadow, int row);

        /** No shadow holds or remembers a row any more. */
        void onForgotten(int row);
    }

    final EntryTable table;
    private final Listener listener;
    private final int number;
    private long capacity;

    Shadow(EntryTable table, Listener listener, int number, long capacity) {
        this.table = table;
        this.listener = listener;
        this.number = number;
        this.capacity = capacity;
    }

    /** Whether the row's entry is in this cache. */
    abstract boolean holds(int row);

    /** A request for a row's entry, which weighs no more than the capacity. Answers whether it was held before. */
    abstract boolean onRequest(int row);

    /** Lets go of a row and of what is remembered of it. */
    abstract void remove(int row);

    /** The weight of a row is about to grow by that; {@link #onRequest} or {@link #remove} follows. */
    abstract void onWeight(int row, long delta);

    /** Lets go of what is beyond the capacity. */
    abstract void shrink();

    /** Bytes that it would hold. */
    abstract long heldBytes();

    final long capacity() {
        return capacity;
    }

    final void capacity(long bytes) {
        capacity = bytes;
        shrink();
    }

    /** Whether this shadow has the row in one of its lists. */
    final boolean knows(int row) {
        return (table.byteAt(row, EntryFields.OWNERS) & (1 << number)) != 0;
    }

    final void learn(int row) {
        table.byteAt(row, EntryFields.OWNERS, table.byteAt(row, EntryFields.OWNERS) | (1 << number));
    }

    final void forget(int row) {
        int left = table.byteAt(row, EntryFields.OWNERS) & ~(1 << number);
        table.byteAt(row, EntryFields.OWNERS, left);
        if (left == 0) {
            listener.onForgotten(row);
        }
    }

    final void dropped(int row) {
        listener.onDropped(number, row);
    }
}
