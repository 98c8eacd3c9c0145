package io.tiercel.leasemodel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Breadth-first search over every state that a {@link LeaseModel} can reach: the first broken invariant found is one of
 * the shortest ways there. Not threadsafe; one run each.
 */
@SuppressWarnings("EnumOrdinal") // packed into bits that do not outlive the run
final class Explorer implements Steps {
    private static final int NONE = -1;

    private final LeaseModel model;
    private final Bounds bounds;
    private final int mostStates;

    private long[] shared = new long[1 << 16];
    private long[] own = new long[1 << 16];
    private int[] parents = new int[1 << 16];
    private short[] steps = new short[1 << 16];
    private int[] table = new int[1 << 18];
    private int count;
    private long transitions;

    // Steps that the node takes alone, by pairs of states: what must suffice to get memory back.
    private int[] nodeEdges = new int[1 << 18];
    private int nodeEdgeCount;

    private int current;
    private @Nullable Invariant broken;
    private int brokenFrom;
    private short brokenStep;

    /** @param mostStates bounds what the search may hold in memory. */
    Explorer(LeaseModel model, Bounds bounds, int mostStates) {
        this.model = model;
        this.bounds = bounds;
        this.mostStates = mostStates;
        Arrays.fill(table, NONE);
    }

    /** Explores all; answers the broken invariant, null when every one holds. */
    @Nullable
    Invariant run() {
        ModelState initial = model.initial();
        add(initial, NONE, (short) Step.START.ordinal());
        for (current = 0; current < count && broken == null; current++) {
            model.next(shared[current], own[current], this);
            if (count > mostStates) {
                throw new IllegalStateException("more than mostStates=" + mostStates);
            }
        }
        if (broken == null) {
            checkMemoryComesBack();
        }
        return broken;
    }

    int stateCount() {
        return count;
    }

    @Override
    public String toString() {
        return bounds + " states=" + count + " transitions=" + transitions + (broken == null
                ? ""
                : " breaks "
                        + broken);
    }

    @Override
    public void possible(Actor actor, Step step, ModelState next) {
        transitions++;
        int reached = add(next, current, code(actor, step));
        if (actor == Actor.NODE) {
            addNodeEdge(current, reached);
        }
    }

    @Override
    public void broken(Actor actor, Step step, ModelState next, Invariant invariant) {
        if (broken == null) {
            broken = invariant;
            brokenFrom = current;
            brokenStep = code(actor, step);
        }
    }

    private static short code(Actor actor, Step step) {
        return (short) (actor.ordinal() << 8 | step.ordinal());
    }

    private void addNodeEdge(int from, int to) {
        if (nodeEdgeCount + 2 > nodeEdges.length) {
            nodeEdges = Arrays.copyOf(nodeEdges, nodeEdges.length * 2);
        }
        nodeEdges[nodeEdgeCount++] = from;
        nodeEdges[nodeEdgeCount++] = to;
    }

    private int add(ModelState state, int parent, short step) {
        long sharedHalf = state.packShared();
        long ownHalf = state.packOwn();
        int at = slotOf(sharedHalf, ownHalf);
        if (table[at] != NONE) {
            return table[at];
        }
        if (count == shared.length) {
            int length = count * 2;
            shared = Arrays.copyOf(shared, length);
            own = Arrays.copyOf(own, length);
            parents = Arrays.copyOf(parents, length);
            steps = Arrays.copyOf(steps, length);
            rehash(length * 4);
            at = slotOf(sharedHalf, ownHalf);
        }
        shared[count] = sharedHalf;
        own[count] = ownHalf;
        parents[count] = parent;
        steps[count] = step;
        table[at] = count;
        return count++;
    }

    private void rehash(int length) {
        table = new int[length];
        Arrays.fill(table, NONE);
        for (int state = 0; state < count; state++) {
            table[slotOf(shared[state], own[state])] = state;
        }
    }

    private int slotOf(long sharedHalf, long ownHalf) {
        long hash = sharedHalf * 0x9E3779B97F4A7C15L + ownHalf * 0xC2B2AE3D27D4EB4FL;
        int mask = table.length - 1;
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (table[at] != NONE && (shared[table[at]] != sharedHalf || own[table[at]] != ownHalf)) {
            at = at + 1 & mask;
        }
        return at;
    }

    /** From every state in which memory waits and no living client has it pinned, the node's own steps suffice. */
    private void checkMemoryComesBack() {
        int[] starts = new int[count + 1];
        for (int edge = 0; edge < nodeEdgeCount; edge += 2) {
            starts[nodeEdges[edge + 1] + 1]++;
        }
        for (int state = 0; state < count; state++) {
            starts[state + 1] += starts[state];
        }
        int[] froms = new int[nodeEdgeCount / 2];
        int[] fill = starts.clone();
        for (int edge = 0; edge < nodeEdgeCount; edge += 2) {
            froms[fill[nodeEdges[edge + 1]]++] = nodeEdges[edge];
        }
        boolean[] comesBack = new boolean[count];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        ModelState state = new ModelState();
        for (int i = 0; i < count; i++) {
            if (state.unpack(shared[i], own[i]).phase == ModelState.Phase.EMPTY) {
                comesBack[i] = true;
                queue.add(i);
            }
        }
        while (!queue.isEmpty()) {
            int to = queue.remove();
            for (int edge = starts[to]; edge < starts[to + 1]; edge++) {
                if (!comesBack[froms[edge]]) {
                    comesBack[froms[edge]] = true;
                    queue.add(froms[edge]);
                }
            }
        }
        for (int i = 0; i < count && broken == null; i++) {
            if (!comesBack[i] && isOwedMemory(state.unpack(shared[i], own[i]))) {
                broken = Invariant.UNPINNED_MEMORY_COMES_BACK;
                brokenFrom = i;
                brokenStep = NONE;
            }
        }
    }

    /** Whoever lives and still has to connect gives its lock up when it learns that it cannot. */
    private static boolean isOwedMemory(ModelState state) {
        boolean isHeld = false;
        for (int client = 0; client < ModelState.CLIENTS; client++) {
            ModelState.At at = state.at[client];
            isHeld |= at.hasPin() || at == ModelState.At.LOCKED || at == ModelState.At.MAPPED;
        }
        return state.phase == ModelState.Phase.RECLAIMING && !isHeld;
    }

    /** The steps that lead to what was broken, a line each. */
    String trace() {
        List<String> lines = new ArrayList<>();
        if (brokenStep != NONE) {
            lines.add(line(brokenStep) + "   <- " + broken);
        } else {
            lines.add("nothing that the node does from here gets the memory back   <- " + broken);
        }
        for (int state = brokenFrom; state > 0; state = parents[state]) {
            lines.add(line(steps[state]));
        }
        Collections.reverse(lines);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(String.format("%3d  %s%n", i + 1, lines.get(i)));
        }
        return text.toString();
    }

    private static String line(short code) {
        return String.format("%-8s  %s", Actor.values()[code >> 8], Step.values()[code & 0xFF].text());
    }
}
