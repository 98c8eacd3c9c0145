package io.tiercel.eviction;

import org.jspecify.annotations.Nullable;

/**
 * What is kept, by one rule at a time. Not threadsafe; single writer: the shard agent.
 *
 * <p>After a change of the rule the other adopts what is kept, the best first, a few rows with each request; nothing is moved
 * at once. What has to go meanwhile goes by the rule that is left, until it has no more. What that one remembered is
 * forgotten.
 *
 * <p>Invariants: each row that is kept is held by exactly one rule; the listener has heard exactly what they weigh at each
 * place; a row that no rule knows is in the table only during its own request.
 *
 * <pre>
 * 13 owners: a bit a rule        1
 * 14 state                       2
 * 16 place                       4
 * 20 links                       8
 * 28 more links, or priority     8
 * </pre>
 */
final class KeptEntries implements Rule.Listener, AutoCloseable {
    /** Hears of what is kept no more. */
    @FunctionalInterface
    interface Listener {
        void onUnkept(long tag);
    }

    private static final int OWNERS = EntryTable.FIELDS_OFFSET;
    private static final int STATE = OWNERS + Byte.BYTES;
    private static final int PLACE = STATE + Short.BYTES;
    private static final int LINKS = PLACE + Integer.BYTES;
    private static final int MORE_LINKS = LINKS + EntryList.LINKS_LENGTH;
    static final int LENGTH = MORE_LINKS + EntryList.LINKS_LENGTH;
    private static final int MOVED_A_REQUEST = 8;

    private final EntryTable table = new EntryTable(LENGTH);
    private final FrequencySketch sketch;
    private final EvictionPolicy.Listener places;
    private final Listener listener;
    private final Rule[] rules;
    private Rule followed;
    private @Nullable Rule leaving;
    private int current;
    private long capacity;
    private long bytes;
    private int count;

    KeptEntries(long capacity, FrequencySketch sketch, EvictionPolicy.Listener places, Listener listener) {
        RuleFields fields = new RuleFields(OWNERS, STATE, LINKS, MORE_LINKS);
        this.capacity = capacity;
        this.sketch = sketch;
        this.places = places;
        this.listener = listener;
        this.rules = Rules.over(table, new RuleFields[]{fields, fields, fields, fields}, this, capacity, sketch);
        this.followed = rules[0];
    }

    long bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    /** Rows in use. */
    int rowCount() {
        return table.rowCount();
    }

    long allocatedBytes() {
        return table.allocatedBytes();
    }

    boolean contains(long tag) {
        int row = table.find(tag);
        return row != EntryTable.NONE && holds(row);
    }

    /** Whether {@link #follow} may be called. */
    boolean isSettled() {
        return leaving == null;
    }

    /** Goes by another rule than before from now on. */
    void follow(int rule) {
        leaving = followed;
        followed = rules[rule];
    }

    void capacity(long most) {
        capacity = most;
        for (Rule rule : rules) {
            rule.capacity(most);
        }
        keepWithin();
    }

    /**
     * A request, of no more weight than the capacity. Answers whether the entry was kept before.
     *
     * @param isPreferred whether an imagined cache of the rule that is followed had the entry.
     */
    boolean onRequest(long tag, long weight, int place, boolean isPreferred) {
        int row = table.find(tag);
        boolean wasKept = row != EntryTable.NONE && holds(row);
        if (wasKept) {
            change(row, weight, place);
        } else {
            row = begin(row, tag, weight, place);
        }
        current = row;
        Rule before = leaving;
        if (before != null && before.knows(row)) {
            move(before, row);
        }
        followed.onRequest(row);
        if (isPreferred && !wasKept && followed.holds(row)) {
            followed.prefer(row, sketch.frequency(tag));
        }
        moveSome();
        keepWithin();
        current = EntryTable.NONE;
        freeIfUnused(row);
        return wasKept;
    }

    /** Counts an entry as kept from now on, in a row that remembers it or in a new one. */
    private int begin(int known, long tag, long weight, int place) {
        int row = known;
        if (row == EntryTable.NONE) {
            row = table.add(tag, weight);
        } else {
            weigh(row, weight);
        }
        table.intAt(row, PLACE, place);
        count++;
        bytes += weight;
        places.onKeptBytes(place, weight);
        return row;
    }

    /** An entry is kept elsewhere now; of one that is not kept it is ignored. */
    void onMoved(long tag, int place) {
        int row = table.find(tag);
        if (row != EntryTable.NONE && holds(row)) {
            change(row, table.weight(row), place);
        }
    }

    /** Keeps an entry no more and forgets it. */
    void remove(long tag) {
        int row = table.find(tag);
        if (row != EntryTable.NONE) {
            ownerOf(row).remove(row);
        }
    }

    private void change(int row, long weight, int place) {
        long before = table.weight(row);
        int placeBefore = table.intAt(row, PLACE);
        if (place != placeBefore) {
            places.onKeptBytes(placeBefore, -before);
            places.onKeptBytes(place, weight);
            table.intAt(row, PLACE, place);
        } else if (weight != before) {
            places.onKeptBytes(place, weight - before);
        }
        bytes += weight - before;
        weigh(row, weight);
    }

    private void weigh(int row, long weight) {
        long delta = weight - table.weight(row);
        if (delta != 0) {
            ownerOf(row).onWeight(row, delta);
            table.weight(row, weight);
        }
    }

    private void moveSome() {
        Rule before = leaving;
        for (int i = 0; i < MOVED_A_REQUEST && before != null; i++) {
            int row = before.best();
            if (row == EntryTable.NONE) {
                before = null;
            } else {
                move(before, row);
            }
        }
        leaving = before;
    }

    /** Has what is kept adopted, and what is only remembered forgotten. */
    private void move(Rule from, int row) {
        if (from.holds(row)) {
            from.handOver(row);
            followed.adopt(row, sketch.frequency(table.tag(row)));
        } else {
            from.remove(row);
        }
    }

    private void keepWithin() {
        while (bytes > capacity) {
            Rule before = leaving;
            if (before != null && before.heldBytes() > 0) {
                before.evict();
            } else {
                followed.evict();
            }
        }
    }

    @Override
    public void onDropped(int rule, int row) {
        long weight = table.weight(row);
        count--;
        bytes -= weight;
        places.onKeptBytes(table.intAt(row, PLACE), -weight);
        listener.onUnkept(table.tag(row));
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

    private boolean holds(int row) {
        return ownerOf(row).holds(row);
    }

    private Rule ownerOf(int row) {
        return rules[Integer.numberOfTrailingZeros(table.byteAt(row, OWNERS))];
    }

    @Override
    public void close() {
        table.close();
    }
}
