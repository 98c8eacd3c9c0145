package io.tiercel.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to get from a key to the first value of an Arrow column, and does that depend on the length of the
 * stream?
 *
 * <p>{@code tiercel}: a repeat get of a mapped frame, opened as Arrow in place, its batch checked and loaded, the first
 * value read and compared, all of it closed. {@code arrow-reader}: Arrow's own reader of streams over the same bytes on
 * this heap, which copies the batch, and has nothing to fetch. One column of 8 bytes a row, one batch. Hit rate 1,
 * counted; one wrong value fails the run.
 *
 * <p>Not measured: reading the column, compressed bodies, many columns.
 *
 * <p>{@code bench/bin/bench jmh ArrowOpen -prof gc -foe true}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArrowOpenBenchmark {
    @Param({"tiercel", "arrow-reader"})
    public String system = "";

    /** Bytes of the stream, about. */
    @Param({"4096", "67108864"})
    public int arrowLength;

    private final HitCount hits = new HitCount();

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ArrowPath path;
    private boolean isInPlace;

    @Setup
    public void open() {
        isInPlace = switch (system) {
            case "tiercel" -> true;
            case "arrow-reader" -> false;
            default -> throw new IllegalArgumentException("system=" + system + " expected tiercel or arrow-reader");
        };
        path = ArrowPath.open(arrowLength);
    }

    @Benchmark
    public boolean firstValue() {
        return hits.count(isInPlace ? path.readInPlace() : path.readByArrow());
    }

    @TearDown(Level.Iteration)
    public void requireAllHits() {
        hits.requireAllHits();
    }

    @TearDown
    public void close() {
        path.close();
    }
}
