package io.tiercel.bench.jmh;

import io.tiercel.bench.cache.CacheSystem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a hit cost in the process that holds the payload, in our two tiers and in the caches that one would use
 * instead, and does that depend on the payload's length?
 *
 * <p>An operation is a look-up by key, the length compared, the first 8 bytes read and compared. The same keys, payloads
 * and draw for all; each system in its fastest honest setting, which its class in {@code io.tiercel.bench.cache} states.
 * {@code L1} is the node's whole find with its heap tier before the mapped one, {@code L2} the same with the mapped one
 * alone. Hit rate 1, counted; one miss fails the run. Keys are drawn uniformly from {@link #keyCount}.
 *
 * <p>Not measured: reading the payload, threads that share a cache, eviction, misses, a processor cache that is cold:
 * {@code -p keyCount=100000 -p payloadLength=64} comes nearer to that.
 *
 * <p>{@code bench/bin/bench jmh CacheRead -prof gc -foe true}
 */
public class CacheReadBenchmark extends CountedBenchmark {
    @Param
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public CacheSystem system;

    /** Bytes, at least 8. */
    @Param({"64", "1024", "65536", "1048576"})
    public int payloadLength;

    @Param("256")
    public int keyCount;

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private FilledCache cache;

    @Setup
    public void open() {
        cache = FilledCache.open(system, new Keyspace(keyCount), payloadLength);
    }

    @Benchmark
    public boolean get() {
        return hits.count(cache.read());
    }

    @TearDown
    public void close() {
        cache.close();
    }
}
