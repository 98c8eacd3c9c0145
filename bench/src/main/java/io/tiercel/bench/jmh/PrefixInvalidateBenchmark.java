package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.bench.cache.CacheSystem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to invalidate a prefix, by the number of frames under it?
 *
 * <p>An operation is one invalidation of the prefix that covers every key: a record appended to the journal, the epoch
 * published to readers. Before every iteration all frames are put again, so that the first of an iteration is of frames
 * that live; {@code -bm ss} measures that one alone, {@code -bm avgt} the many behind it, of frames that are dead and not
 * swept. The first of an iteration is warm: others of a foreign prefix come before it. After each iteration every key is
 * asked for, and one that is found fails the run.
 *
 * <p>Not measured: the message and its acknowledgement, what the sweeper does later, readers meanwhile.
 *
 * <p>{@code bench/bin/bench jmh PrefixInvalidate -bm avgt,ss -prof gc -foe true}
 */
public class PrefixInvalidateBenchmark extends CountedBenchmark {
    private static final int WARM_INVALIDATIONS = 1000;
    private static final Key COVERING = Key.of("bench/get");
    private static final Key FOREIGN = Key.of("bench/other");

    @Param({"1000", "1000000"})
    public int keyCount;

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private FilledCache cache;

    @Setup
    public void open() {
        cache = FilledCache.open(CacheSystem.L2, new Keyspace(keyCount), Long.BYTES);
    }

    @Setup(Level.Iteration)
    public void putAll() {
        cache.putAll();
        for (int i = 0; i < WARM_INVALIDATIONS; i++) {
            cache.invalidatePrefix(FOREIGN);
        }
    }

    @Benchmark
    public void invalidate() {
        cache.invalidatePrefix(COVERING);
    }

    @Override
    void countAfterwards() {
        for (int number = 0; number < keyCount; number++) {
            hits.count(!cache.read(number));
        }
    }

    @TearDown
    public void close() {
        cache.close();
    }
}
