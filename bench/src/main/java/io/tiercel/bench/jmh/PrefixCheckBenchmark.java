package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.invalidation.PrefixEpochs;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

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
public class PrefixCheckBenchmark extends CountedBenchmark {
    private static final int MOST_PREFIXES = 1 << 20;

    /** Prefixes alive. */
    @Param({"0", "1000", "1000000"})
    public int prefixCount;

    @Param("256")
    public int keyCount;

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
}
