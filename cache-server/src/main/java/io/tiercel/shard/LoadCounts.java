package io.tiercel.shard;

/**
 * Counters of store calls at one moment; since the start but for {@code active}, {@code rememberedMisses} and
 * {@code streams}, which are of now. Immutable.
 */
public record LoadCounts(long active, long total, long failed, long collapsed, long skipped, long passed, long retried,
        long revalidated, long skippedRefreshes, long rememberedMisses, long streams) {}
