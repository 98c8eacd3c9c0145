package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.invalidation.PrefixEpochs;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
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
 * What does a read pay for invalidated prefixes, with none, a thousand and a million of them alive?
 *
 * <p>An operation asks whether a frame of a key three segments deep is dead, whose load began before every one of the
 * prefixes, so that with any of them the key is walked to its end; frames loaded since pay what 0 prefixes show. Nothing
 * covers the keys: each answer that says dead counts as a miss, and one miss fails the run.
 *
 * <p>Not measured: a writer at the same time.
 *
 * <p>{@code bench/bin/bench jmh PrefixCheck -prof gc -foe true}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PrefixCheckBenchmark {
    private static final int MOST_PREFIXES = 1 << 20;

    /** Prefixes alive. */
    @Param({"0", "1000", "1000000"})
    public int prefixCount;

    @Param("256")
    public int keyCount;

    private final HitCount hits = new HitCount();

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private Keyspace keys;
    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private PrefixEpochs prefixes;

    @Setup
    public void open() {
        keys = new Keyspace(keyCount);
        prefixes = new PrefixEpochs(MOST_PREFIXES);
        UnsafeBuffer prefix = new UnsafeBuffer(0, 0);
        for (int i = 0; i < prefixCount; i++) {
            byte[] bytes = ("bench/gone/" + i).getBytes(StandardCharsets.UTF_8);
            prefix.wrap(bytes);
            prefixes.invalidate(prefix, 0, bytes.length, i + 1L);
        }
    }

    @Benchmark
    public boolean check() {
        Key key = keys.key(keys.draw());
        return hits.count(!prefixes.isStale(key.buffer(), 0, key.length(), 0L));
    }

    @TearDown(Level.Iteration)
    public void requireAllHits() {
        hits.requireAllHits();
    }
}
