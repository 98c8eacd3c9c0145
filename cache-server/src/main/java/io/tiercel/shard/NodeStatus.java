package io.tiercel.shard;

import java.util.List;

/**
 * State of a node at one moment: what {@code status}, HTTP and the metrics show. Counts are since the start. Immutable.
 * {@link NodeStatusJson} fixes the names outside.
 *
 * @param uptimeMs since the node served
 */
public record NodeStatus(String node, String version, long pid, long uptimeMs, HeapTier heap, MappedTier mapped,
        Loads loads, Invalidations invalidation, Rebuild rebuild, Sessions sessions, List<Store> stores,
        List<Client> clients) {

    public NodeStatus {
        stores = List.copyOf(stores);
        clients = List.copyOf(clients);
    }

    /** L1. */
    public record HeapTier(long capacityBytes, long usedBytes, long entries, long hits, long misses, long evictions) {}

    /**
     * L2.
     *
     * @param usedBytes   weight of the frames whose memory is not free again
     * @param fileBytes   what segment files take, at most the capacity
     * @param pinnedBytes what leases hold, of clients and of the node itself
     * @param segments    files in use
     * @param damaged     frames and segments dropped as torn, truncated or corrupt
     * @param state       {@code ok}, {@code degraded} or {@code off}
     * @param reason      what is wrong, for people; empty when nothing is
     */
    public record MappedTier(long capacityBytes, long usedBytes, long fileBytes, long entries, long hits, long misses,
            long evictions,
            long pinnedBytes, long segments, long damaged, String state, String reason) {}

    /**
     * Reads from the stores.
     *
     * @param active    under way now
     * @param collapsed reads that joined a load under way
     * @param skipped   fills left out because the limit was reached
     * @param passed    objects handed on without being kept, since the mapped tier had no room
     * @param retried   calls of a store made once more after a failure
     * @param revalidated      frames whose store said that they have not changed
     * @param skippedRefreshes frames not asked for ahead of their end, since too many were
     * @param rememberedMisses keys known now not to be in their store
     * @param streams          objects on their way to readers now, past the cache
     */
    public record Loads(long active, long total, long failed, long collapsed, long skipped, long passed, long retried,
            long revalidated, long skippedRefreshes, long rememberedMisses, long streams) {}

    /**
     * What clients did and were refused.
     *
     * @param refused         clients beyond {@code clients.max}
     * @param unmapped        clients that asked to map and are streamed to, beyond {@code clients.maxMapped}
     * @param revoked         clients closed since they pinned beyond {@code clients.pinQuota}
     * @param quotaRefusals   leases that the node refused for that quota
     * @param touches         reads of mapped clients that the node learnt of afterwards and the eviction policy counted
     * @param foreignReleases releases of a frame that had been released before
     * @param writing         frames that have room and are not whole yet, of puts and loads
     * @param abandonedPuts   puts that were given up before they were whole: cancelled, wrong, or their client is gone
     */
    public record Sessions(long refused, long unmapped, long revoked, long quotaRefusals, long touches,
            long foreignReleases, long writing, long abandonedPuts) {}

    /**
     * Prefix invalidations.
     *
     * @param epoch    of the last one
     * @param prefixes remembered ones
     */
    public record Invalidations(long epoch, long prefixes) {}

    /**
     * Looking for the frames of the node before, after a stop that was not clean; until it ends a key that is not found
     * may be there, and its read waits.
     *
     * @param frames found so far
     */
    public record Rebuild(boolean isRunning, long segments, long segmentsDone, long frames) {}

    /**
     * One mount and the store behind it.
     *
     * @param mount prefix; empty for the root's
     * @param uri   without any secret
     * @param state {@code up}, {@code degraded}, {@code open} or {@code down}
     */
    public record Store(String mount, String uri, String state) {}

    /**
     * One session over Aeron.
     *
     * @param mode    how its frames travel
     * @param pending requests not yet answered
     */
    public record Client(long id, String mode, long pinnedBytes, long pending) {}
}
