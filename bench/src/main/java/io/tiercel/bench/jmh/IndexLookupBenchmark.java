package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.bench.cache.PlaceMap;
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
 * What does it cost to find where a frame lies, by the node's index and by a Chronicle Map that has the keys themselves?
 *
 * <p>{@code index}: both hashes of the key's bytes, and the look-up of 16 bytes in the node's index, which is a Chronicle
 * Map of fixed-size entries. {@code chronicle}: {@code getUsing} of the key's bytes in a raw one of the same settings.
 * The places are the same. Hit rate 1, counted; a wrong place is a miss and fails the run. Keys are drawn uniformly.
 *
 * <p>Not measured: what follows on a look-up, which {@link CacheReadBenchmark} does.
 *
 * <p>{@code bench/bin/bench jmh IndexLookup -prof gc -foe true}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexLookupBenchmark {
    @Param({"index", "chronicle"})
    public String system = "";

    @Param({"256", "1000000"})
    public int keyCount;

    private final HitCount hits = new HitCount();

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private Keyspace keys;
    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private PlaceMap places;

    @Setup
    public void open() {
        keys = new Keyspace(keyCount);
        places = switch (system) {
            case "index" -> PlaceMap.ofNode(keyCount);
            case "chronicle" -> PlaceMap.ofChronicle(keyCount, keys.keyLength());
            default -> throw new IllegalArgumentException("system=" + system + " expected index or chronicle");
        };
        for (int number = 0; number < keyCount; number++) {
            places.put(keys.key(number), number);
        }
    }

    @Benchmark
    public boolean find() {
        int number = keys.draw();
        Key key = keys.key(number);
        return hits.count(places.find(key) == number);
    }

    @TearDown(Level.Iteration)
    public void requireAllHits() {
        hits.requireAllHits();
    }

    @TearDown
    public void close() {
        places.close();
    }
}
