package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.bench.cache.CacheSystem;
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
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrefixInvalidateBenchmark {
    private static final int WARM_INVALIDATIONS = 1000;
    private static final Key COVERING = Key.of("bench/get");
    private static final Key FOREIGN = Key.of("bench/other");

    @Param({"1000", "1000000"})
    public int keyCount;

    private final HitCount absences = new HitCount();

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

    @TearDown(Level.Iteration)
    public void requireAllGone() {
        for (int number = 0; number < keyCount; number++) {
            absences.count(!cache.read(number));
        }
        absences.requireAllHits();
    }

    @TearDown
    public void close() {
        cache.close();
    }
}
