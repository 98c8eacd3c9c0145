package io.tiercel.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How every benchmark here is run, unless it says otherwise: its average time, in three processes. Each counts whether its
 * operations came to what they should, and one that did not fails the run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class CountedBenchmark {
    final HitCount hits = new HitCount();

    /** After every iteration. */
    @TearDown(Level.Iteration)
    public final void requireAllHits() {
        countAfterwards();
        hits.requireAllHits();
    }

    /** Counts what can be looked at only when an iteration is over. */
    void countAfterwards() {}
}
