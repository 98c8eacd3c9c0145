package io.tiercel.eviction;

/**
 * The W-TinyLFU cache.
 *
 * <p>Idea: new entries live in a window of a fifth of the bytes. What leaves it replaces the least recent entry of the
 * main part only if it was asked for more often. The main part is on probation until it is asked for again, then
 * protected, up to four fifths of it.
 *
 * <p>Cost: O(1) amortised; the sketch is shared.
 *
 * <p>Invariants: a row that is known is in exactly one of the three lists; together they weigh at most the capacity.
 *
 * <p>What we changed: bounds are bytes; the window is large and fixed, since LIRS beside it stands for a small one.
 *
 * <p>Sources: 1. G. Einziger, R. Friedman, B. Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 2017,
 * section 4.
 */
final class TinyLfuRule extends Rule {
    private static final int WINDOW = 1;
    private static final int PROBATION = 2;
    private static final int PROTECTED = 3;

    private final FrequencySketch sketch;
    private final EntryList window;
    private final EntryList probation;
    private final EntryList protectedOnes;

    TinyLfuRule(EntryTable table, RuleFields fields, Listener listener, int number, long capacity,
            FrequencySketch sketch) {
        super(table, fields, listener, number, capacity);
        this.sketch = sketch;
        this.window = new EntryList(table, fields.links());
        this.probation = new EntryList(table, fields.links());
        this.protectedOnes = new EntryList(table, fields.links());
    }

    @Override
    boolean onRequest(int row) {
        boolean held = knows(row);
        if (held) {
            onHit(row);
        } else {
            learn(row);
            set(row, WINDOW);
            window.addLast(row);
        }
        shrink();
        return held;
    }

    private void onHit(int row) {
        switch (stateOf(row)) {
            case WINDOW -> window.moveToLast(row);
            case PROTECTED -> protectedOnes.moveToLast(row);
            default -> {
                probation.remove(row);
                set(row, PROTECTED);
                protectedOnes.addLast(row);
                demote();
            }
        }
    }

    private void demote() {
        while (protectedOnes.bytes() > protectedCapacity()) {
            int row = protectedOnes.first();
            protectedOnes.remove(row);
            set(row, PROBATION);
            probation.addLast(row);
        }
    }

    @Override
    void adopt(int row, int uses) {
        learn(row);
        boolean fits = protectedOnes.bytes() + table.weight(row) <= protectedCapacity();
        set(row, fits ? PROTECTED : PROBATION);
        listOf(stateOf(row)).addFirst(row);
    }

    @Override
    void prefer(int row, int uses) {
        listOf(stateOf(row)).remove(row);
        set(row, PROTECTED);
        protectedOnes.addLast(row);
        demote();
    }

    @Override
    void unlink(int row) {
        listOf(stateOf(row)).remove(row);
    }

    @Override
    int best() {
        return !protectedOnes.isEmpty()
                ? protectedOnes.last()
                : !window.isEmpty() ? window.last() : probation.last();
    }

    @Override
    void evict() {
        int row = worst();
        if (row != EntryTable.NONE) {
            remove(row);
        }
    }

    private int worst() {
        return !probation.isEmpty()
                ? probation.first()
                : !protectedOnes.isEmpty() ? protectedOnes.first() : window.first();
    }

    @Override
    void onWeight(int row, long delta) {
        if (knows(row)) {
            listOf(stateOf(row)).onWeight(delta);
        }
    }

    @Override
    void shrink() {
        int candidate = EntryTable.NONE;
        while (window.bytes() > windowCapacity()) {
            int row = window.first();
            window.remove(row);
            set(row, PROBATION);
            probation.addLast(row);
            if (candidate == EntryTable.NONE) {
                candidate = row;
            }
        }
        while (heldBytes() > capacity()) {
            int victim = worst();
            if (candidate == EntryTable.NONE) {
                remove(victim);
                continue;
            }
            int next = probation.next(candidate);
            if (victim == candidate) {
                remove(candidate);
                candidate = next;
                continue;
            }
            if (sketch.frequency(table.tag(candidate)) > sketch.frequency(table.tag(victim))) {
                remove(victim);
            } else {
                remove(candidate);
                candidate = next;
            }
        }
    }

    @Override
    long heldBytes() {
        return window.bytes() + probation.bytes() + protectedOnes.bytes();
    }

    private long windowCapacity() {
        return Math.max(1, capacity() / 5);
    }

    private long protectedCapacity() {
        return (capacity() - windowCapacity()) / 5 * 4;
    }

    private EntryList listOf(int state) {
        return state == WINDOW ? window : state == PROBATION ? probation : protectedOnes;
    }

    private int stateOf(int row) {
        return table.shortAt(row, fields.state());
    }

    private void set(int row, int state) {
        table.shortAt(row, fields.state(), state);
    }
}
