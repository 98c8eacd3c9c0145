package io.tiercel.eviction;

/**
 * What is kept, in the order in which it goes: first what the followed shadow does not hold, in the order in which the
 * shadow let it go. Not threadsafe; single writer: the shard agent.
 *
 * <p>After the shadow changes all is unsorted, and a few rows are sorted with each request; nothing is moved at once.
 * A bit of the row that flips with each change says whether it was sorted since.
 */
final class KeptEntries {
    private static final int HELD = 1;
    private static final int SURPLUS = 2;
    private static final int TURN_BIT = 4;
    private static final int SORTED_A_TURN = 8;
    private static final int LOOKED_AT_FOR_A_VICTIM = 64;

    private final EntryTable table;
    private final EvictionPolicy.Listener listener;
    private final EntryList held;
    private final EntryList surplus;
    private final EntryList unsorted;
    private Shadow followed;
    private int turn;
    private long bytes;
    private int count;

    KeptEntries(EntryTable table, EvictionPolicy.Listener listener, Shadow followed) {
        this.table = table;
        this.listener = listener;
        this.followed = followed;
        this.held = new EntryList(table, EntryFields.KEPT_LINKS);
        this.surplus = new EntryList(table, EntryFields.KEPT_LINKS);
        this.unsorted = new EntryList(table, EntryFields.KEPT_LINKS);
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    boolean contains(int row) {
        return table.byteAt(row, EntryFields.KEPT) != 0;
    }

    /** Whether {@link #follow} may be called. */
    boolean isSorted() {
        return unsorted.isEmpty();
    }

    /** Follows another shadow from now on. */
    void follow(Shadow shadow) {
        followed = shadow;
        turn ^= TURN_BIT;
        unsorted.takeAll(held);
        unsorted.takeAll(surplus);
    }

    /** Sorts some of what is unsorted. */
    void sortSome() {
        for (int i = 0; i < SORTED_A_TURN && !unsorted.isEmpty(); i++) {
            sort(unsorted.first());
        }
    }

    /** A row is asked for: keeps it, or keeps it on. */
    void onRequest(int row) {
        if (contains(row)) {
            listOf(row).remove(row);
        } else {
            count++;
            bytes += table.weight(row);
            listener.onKeptBytes(table.place(row), table.weight(row));
        }
        add(row);
    }

    /** The followed shadow has let go of a row. */
    void onSurplus(int row) {
        if (table.byteAt(row, EntryFields.KEPT) == (HELD | turn)) {
            held.remove(row);
            add(row, SURPLUS, surplus);
        }
    }

    /** Gives a row, if it is kept, another weight and place. The table has the old ones still. */
    void onChange(int row, long weight, int place) {
        if (!contains(row)) {
            return;
        }
        long before = table.weight(row);
        if (place != table.place(row)) {
            listener.onKeptBytes(table.place(row), -before);
            listener.onKeptBytes(place, weight);
        } else if (weight != before) {
            listener.onKeptBytes(place, weight - before);
        }
        listOf(row).onWeight(weight - before);
        bytes += weight - before;
    }

    /** Keeps a row, which it keeps now, no more. */
    void remove(int row) {
        listOf(row).remove(row);
        table.byteAt(row, EntryFields.KEPT, 0);
        count--;
        bytes -= table.weight(row);
        listener.onKeptBytes(table.place(row), -table.weight(row));
    }

    /** The row that goes next, of at least one that is kept. */
    int victim() {
        for (int i = 0; surplus.isEmpty() && !unsorted.isEmpty() && i < LOOKED_AT_FOR_A_VICTIM; i++) {
            sort(unsorted.first());
        }
        if (!surplus.isEmpty()) {
            return surplus.first();
        }
        return unsorted.isEmpty() ? held.first() : unsorted.first();
    }

    private void sort(int row) {
        unsorted.remove(row);
        add(row);
    }

    private void add(int row) {
        if (followed.holds(row)) {
            add(row, HELD, held);
        } else {
            add(row, SURPLUS, surplus);
        }
    }

    private void add(int row, int kind, EntryList list) {
        table.byteAt(row, EntryFields.KEPT, kind | turn);
        list.addLast(row);
    }

    private EntryList listOf(int row) {
        int kept = table.byteAt(row, EntryFields.KEPT);
        if ((kept & TURN_BIT) != turn) {
            return unsorted;
        }
        return (kept & HELD) != 0 ? held : surplus;
    }
}
