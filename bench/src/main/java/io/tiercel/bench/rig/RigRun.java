package io.tiercel.bench.rig;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** One run of rigs: what they have measured so far, and how long the one at work may go on. One thread adds. */
final class RigRun {
    private final boolean isQuick;
    private final Consumer<Row> listener;
    private final List<Row> rows = new CopyOnWriteArrayList<>();
    private final Map<String, Row> answered = new HashMap<>();
    private long deadlineNs;

    /** @param listener told of each row. */
    RigRun(boolean isQuick, Consumer<Row> listener) {
        this.isQuick = isQuick;
        this.listener = listener;
        this.deadlineNs = System.nanoTime();
    }

    boolean isQuick() {
        return isQuick;
    }

    /** Begins a rig's time: its budget, and what those before have left. */
    void begin(Duration budget) {
        deadlineNs += budget.toNanos();
    }

    /** Whether there is no time left for so many ns more. */
    boolean isOver(long neededNs) {
        return System.nanoTime() + neededNs - deadlineNs > 0;
    }

    /** Takes a row, with its ratio to the baseline's row if that is there already and both count. */
    void add(Row row) {
        Row baseline = row.baseline().isEmpty() ? null : answered.get(row.key(row.baseline()));
        if (baseline != null && baseline.isOk() && row.isOk()) {
            double ratio = row.number(row.ratioOf()) / baseline.number(row.ratioOf());
            row.with("ratioToBaseline", Double.isFinite(ratio) ? ratio : null);
        }
        answered.put(row.key(row.system()), row);
        rows.add(row);
        listener.accept(row);
    }

    /**
     * Measures, unless something is missing or the time does not last.
     *
     * @param blank what becomes a row where nothing is measured, or what measures throws.
     * @param missing what is to be installed, empty when nothing is.
     * @param measuring adds rows of its own.
     */
    void attempt(Row blank, String missing, long neededNs, Runnable measuring) {
        if (!missing.isEmpty()) {
            add(blank.skip(missing));
        } else if (isOver(neededNs)) {
            add(blank.skip("no time left for it"));
        } else {
            try {
                measuring.run();
            } catch (RuntimeException e) {
                add(blank.fail(String.valueOf(e)));
            }
        }
    }

    /** Rows so far. Any thread. */
    List<Row> rows() {
        return List.copyOf(rows);
    }
}
