package io.tiercel.tier;

/** Counts of what happened in a store since its start. Single writer: the shard agent. */
final class StoreCounters {
    long heapHits;
    long heapMisses;
    long mappedHits;
    long keptHits;
    long misses;
    long evictions;
    long damaged;
    long refused;
    long foreignReleases;
    long touches;
    long quotaRefusals;
    long revokedReaders;
}
