package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.bench.cache.PlaceMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to find where a frame lies, by the node's index and by a Chronicle Map that has the keys themselves?
 *
 * <p>{@code index}: the hash of the key's bytes, and the look-up of its 8 bytes in the node's index, which is a Chronicle
 * Map of fixed-size entries. {@code chronicle}: {@code getUsing} of the key's bytes in a raw one of the same settings.
 * The places are the same. Hit rate 1, counted; a wrong place is a miss and fails the run. Keys are drawn uniformly.
 *
 * <p>Not measured: what follows on a look-up, which {@link CacheReadBenchmark} does.
 *
 * <p>{@code bench/bin/bench jmh IndexLookup -prof gc -foe true}
 */
public class IndexLookupBenchmark extends CountedBenchmark {
    @Param({"index", "chronicle"})
    public String system = "";

    @Param({"256", "1000000"})
    public int keyCount;

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

    @TearDown
    public void close() {
        places.close();
    }
}
