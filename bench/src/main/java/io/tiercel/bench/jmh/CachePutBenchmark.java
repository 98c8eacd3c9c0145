package io.tiercel.bench.jmh;

import io.tiercel.bench.cache.CacheSystem;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does it cost to put a payload in the place of another of its key, in our tiers and in their peers?
 *
 * <p>An operation is one put, after which a read finds the new payload: what was put last is read after every iteration.
 * Ours writes to a log, so that it reclaims meanwhile, and takes a checksum, which the peers do not; both are in the
 * figure. LMDB commits a transaction, unsynced. Keys are drawn uniformly from {@link #keyCount}; every put replaces.
 *
 * <p>Not measured: durability, eviction at full capacity, the wire and the entity tag of a put through the node.
 *
 * <p>{@code bench/bin/bench jmh CachePut -prof gc -foe true}
 */
public class CachePutBenchmark extends CountedBenchmark {
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

    private int latest;

    @Setup
    public void open() {
        cache = FilledCache.open(system, new Keyspace(keyCount), payloadLength);
    }

    @Benchmark
    public int put() {
        latest = cache.put();
        return latest;
    }

    @Override
    void countAfterwards() {
        hits.count(cache.isThere(latest));
    }

    @TearDown
    public void close() {
        cache.close();
    }
}
