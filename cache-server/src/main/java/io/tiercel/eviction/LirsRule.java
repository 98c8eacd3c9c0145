package io.tiercel.eviction;

/**
 * The LIRS cache.
 *
 * <p>Idea: what counts is the time between the last two uses of an entry. A stack in the order of the last use holds the
 * low entries, of short times, and all that was used since the oldest of them. What is used again while in the stack
 * becomes low, and the low one at the bottom makes room for it. The others pass through a queue of a hundredth of the
 * bytes; those that left it while in the stack are ghosts.
 *
 * <p>Cost: O(1) amortised: each row that is pruned was pushed by a request.
 *
 * <p>Invariants: low rows are in the stack, high ones in the queue, ghosts in both the stack and their own queue; after a
 * use that makes a row low the stack's bottom is low; ghosts weigh at most twice the capacity.
 *
 * <p>What we changed: bounds are bytes; ghosts are bounded.
 *
 * <p>Sources: 1. S. Jiang, X. Zhang, "LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy", SIGMETRICS
 * 2002, section 3.
 */
final class LirsRule extends Rule {
    private static final int LOW = 1;
    private static final int HIGH = 2;
    private static final int GHOST = 3;
    private static final int STATE_MASK = 3;
    private static final int IN_STACK = 4;

    private final EntryList stack;
    private final EntryList queue;
    private final EntryList ghosts;
    private long lowBytes;

    LirsRule(EntryTable table, RuleFields fields, Listener listener, int number, long capacity) {
        super(table, fields, listener, number, capacity);
        this.stack = new EntryList(table, fields.links());
        this.queue = new EntryList(table, fields.moreLinks());
        this.ghosts = new EntryList(table, fields.moreLinks());
    }

    @Override
    boolean holds(int row) {
        int state = stateOf(row);
        return state == LOW || state == HIGH;
    }

    @Override
    boolean onRequest(int row) {
        int state = stateOf(row);
        switch (state) {
            case LOW -> {
                stack.moveToLast(row);
                prune();
            }
            case HIGH -> onHighHit(row);
            case GHOST -> {
                ghosts.remove(row);
                stack.moveToLast(row);
                becomeLow(row);
            }
            default -> onNew(row);
        }
        shrink();
        return state == LOW || state == HIGH;
    }

    private void onHighHit(int row) {
        if (isInStack(row)) {
            queue.remove(row);
            stack.moveToLast(row);
            becomeLow(row);
        } else {
            stack.addLast(row);
            set(row, HIGH, true);
            queue.moveToLast(row);
        }
    }

    private void onNew(int row) {
        learn(row);
        stack.addLast(row);
        if (lowBytes + table.weight(row) <= lowCapacity()) {
            becomeLow(row);
        } else {
            set(row, HIGH, true);
            queue.addLast(row);
        }
    }

    private void becomeLow(int row) {
        set(row, LOW, true);
        lowBytes += table.weight(row);
        while (lowBytes > lowCapacity()) {
            demoteBottom();
        }
        prune();
    }

    private void demoteBottom() {
        prune();
        int row = stack.first();
        stack.remove(row);
        lowBytes -= table.weight(row);
        set(row, HIGH, false);
        queue.addLast(row);
        prune();
    }

    /** Takes from the stack's bottom what is not low. */
    private void prune() {
        int row = stack.first();
        while (row != EntryTable.NONE && stateOf(row) != LOW) {
            stack.remove(row);
            if (stateOf(row) == GHOST) {
                ghosts.remove(row);
                set(row, 0, false);
                forget(row);
            } else {
                set(row, HIGH, false);
            }
            row = stack.first();
        }
    }

    @Override
    void adopt(int row, int uses) {
        learn(row);
        if (lowBytes + table.weight(row) <= lowCapacity()) {
            stack.addFirst(row);
            set(row, LOW, true);
            lowBytes += table.weight(row);
        } else {
            queue.addFirst(row);
            set(row, HIGH, false);
        }
    }

    @Override
    void prefer(int row, int uses) {
        if (stateOf(row) == HIGH) {
            queue.remove(row);
            if (!isInStack(row)) {
                stack.addLast(row);
            }
            becomeLow(row);
        }
    }

    @Override
    void unlink(int row) {
        int state = stateOf(row);
        if (state == LOW) {
            lowBytes -= table.weight(row);
        } else if (state == HIGH) {
            queue.remove(row);
        } else {
            ghosts.remove(row);
        }
        if (isInStack(row)) {
            stack.remove(row);
        }
        set(row, 0, false);
        prune();
    }

    @Override
    int best() {
        return stack.isEmpty() ? queue.last() : stack.last();
    }

    @Override
    void onWeight(int row, long delta) {
        int state = stateOf(row);
        if (state == LOW) {
            lowBytes += delta;
        } else if (state == HIGH) {
            queue.onWeight(delta);
        } else if (state == GHOST) {
            ghosts.onWeight(delta);
        }
        if (state != 0 && isInStack(row)) {
            stack.onWeight(delta);
        }
    }

    @Override
    void shrink() {
        while (lowBytes > lowCapacity()) {
            demoteBottom();
        }
        while (heldBytes() > capacity()) {
            evict();
        }
        while (ghosts.bytes() > 2 * capacity()) {
            remove(ghosts.first());
        }
    }

    @Override
    long heldBytes() {
        return lowBytes + queue.bytes();
    }

    @Override
    void evict() {
        if (queue.isEmpty()) {
            if (lowBytes == 0) {
                return;
            }
            demoteBottom();
        }
        int row = queue.first();
        queue.remove(row);
        dropped(row);
        if (isInStack(row)) {
            set(row, GHOST, true);
            ghosts.addLast(row);
        } else {
            set(row, 0, false);
            forget(row);
        }
    }

    private long lowCapacity() {
        return capacity() - Math.max(1, capacity() / 100);
    }

    private int stateOf(int row) {
        return knows(row) ? table.shortAt(row, fields.state()) & STATE_MASK : 0;
    }

    private boolean isInStack(int row) {
        return (table.shortAt(row, fields.state()) & IN_STACK) != 0;
    }

    private void set(int row, int state, boolean inStack) {
        table.shortAt(row, fields.state(), inStack ? state | IN_STACK : state);
    }
}
