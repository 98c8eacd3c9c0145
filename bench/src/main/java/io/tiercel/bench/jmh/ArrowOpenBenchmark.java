package io.tiercel.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

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
public class ArrowOpenBenchmark extends CountedBenchmark {
    @Param({"tiercel", "arrow-reader"})
    public String system = "";

    /** Bytes of the stream, about. */
    @Param({"4096", "67108864"})
    public int arrowLength;

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

    @TearDown
    public void close() {
        path.close();
    }
}
