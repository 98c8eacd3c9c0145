package io.tiercel.bench.rig;

import java.time.Duration;

/** One question, asked of several systems in one run. Stateless. */
interface Rig {
    /** As {@code --only} has it. */
    String name();

    /** What its rows answer. */
    String question();

    /** What they do not. */
    String doesNotMeasure();

    /** What it does where everything is installed. */
    Plan plan();

    /** How long it may take, which is more than the plan; what is not measured by then is SKIPPED. */
    Duration budget(boolean isQuick);

    /** Measures, and adds a row for each thing that was, failed or was left out. Ends what it started. */
    void run(RigRun run);
}
