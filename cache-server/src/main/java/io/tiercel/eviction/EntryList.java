package io.tiercel.eviction;

/**
 * A list through rows of an {@link EntryTable}, with the sums of what is in it. Two ints of the row are its links; lists
 * that never hold the same row may share them. Not threadsafe; single writer: the shard agent.
 */
final class EntryList {
    /** Bytes of a row that the links take. */
    static final int LINKS_LENGTH = 2 * Integer.BYTES;

    private final EntryTable table;
    private final int previousField;
    private final int nextField;
    private int first = EntryTable.NONE;
    private int last = EntryTable.NONE;
    private long bytes;
    private int count;

    EntryList(EntryTable table, int linkField) {
        this.table = table;
        this.previousField = linkField;
        this.nextField = linkField + Integer.BYTES;
    }

    int first() {
        return first;
    }

    int last() {
        return last;
    }

    /** The row behind a row, or {@link EntryTable#NONE}. */
    int next(int row) {
        return table.intAt(row, nextField);
    }

    int previous(int row) {
        return table.intAt(row, previousField);
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void addLast(int row) {
        table.intAt(row, previousField, last);
        table.intAt(row, nextField, EntryTable.NONE);
        if (last == EntryTable.NONE) {
            first = row;
        } else {
            table.intAt(last, nextField, row);
        }
        last = row;
        count++;
        bytes += table.weight(row);
    }

    void addFirst(int row) {
        table.intAt(row, previousField, EntryTable.NONE);
        table.intAt(row, nextField, first);
        if (first == EntryTable.NONE) {
            last = row;
        } else {
            table.intAt(first, previousField, row);
        }
        first = row;
        count++;
        bytes += table.weight(row);
    }

    void remove(int row) {
        int previous = table.intAt(row, previousField);
        int next = table.intAt(row, nextField);
        if (previous == EntryTable.NONE) {
            first = next;
        } else {
            table.intAt(previous, nextField, next);
        }
        if (next == EntryTable.NONE) {
            last = previous;
        } else {
            table.intAt(next, previousField, previous);
        }
        count--;
        bytes -= table.weight(row);
    }

    void moveToLast(int row) {
        if (row != last) {
            remove(row);
            addLast(row);
        }
    }

    /** The weight of a row in the list is about to grow by that. */
    void onWeight(long delta) {
        bytes += delta;
    }
}
