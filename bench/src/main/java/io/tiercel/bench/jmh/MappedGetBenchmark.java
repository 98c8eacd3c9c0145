package io.tiercel.bench.jmh;

import io.tiercel.bench.load.ReadPath;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost a program to get a frame that it has read before, from a node on its host, and does that depend on
 * the frame's length?
 *
 * <p>An operation is a lease taken, the first 8 bytes of the payload read and compared, the lease given back. The node
 * runs in another process and idles; no message goes to it, which the allocation shows: none, where a round trip has
 * some. Hit rate 1, counted; one miss fails the run. Keys are drawn uniformly from {@link #keyCount}, fewer than the
 * client remembers places of. The rest of the payload is not touched: with it a benchmark of memory would be measured.
 *
 * <p>{@code bench/bin/bench jmh MappedGet -prof gc -foe true}; for large frames compare equal counts of keys:
 * {@code -p payloadLength=4096,314572800 -p keyCount=1}.
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
public class MappedGetBenchmark extends CountedBenchmark {
    /** Bytes, at least 8. */
    @Param({"64", "4096", "1048576"})
    public int payloadLength;

    @Param("256")
    public int keyCount;

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ReadPath path;

    @Setup
    public void open() {
        path = NodePath.mapped(new Keyspace(keyCount), payloadLength);
    }

    @Benchmark
    public boolean get() {
        return hits.count(path.read());
    }

    @TearDown
    public void close() {
        path.close();
    }
}
