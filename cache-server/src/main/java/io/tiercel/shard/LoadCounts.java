package io.tiercel.shard;

/** Counters of store calls at one moment; {@code total} and what follows count since the start. Immutable. */
public record LoadCounts(long active, long total, long failed, long collapsed, long skipped, long passed) {}
