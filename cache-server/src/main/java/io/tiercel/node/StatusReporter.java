package io.tiercel.node;

import io.tiercel.ingress.Clients;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.shard.LoadCounts;
import io.tiercel.shard.NodeStatus;
import io.tiercel.shard.Shard;
import io.tiercel.tier.TierSnapshot;
import java.lang.ProcessHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Puts together what {@code status} shows. Shard thread only. */
final class StatusReporter implements Supplier<NodeStatus> {
    private final String nodeName;
    private final Shard shard;
    private final MountTable mounts;
    private final Clients clients;
    private final long startNs = System.nanoTime();
    private final long pid = ProcessHandle.current().pid();

    StatusReporter(String nodeName, Shard shard, MountTable mounts, Clients clients) {
        this.nodeName = nodeName;
        this.shard = shard;
        this.mounts = mounts;
        this.clients = clients;
    }

    @Override
    public NodeStatus get() {
        TierSnapshot tiers = shard.tierSnapshot();
        long uptimeMs = (System.nanoTime() - startNs) / 1_000_000L;
        return new NodeStatus(nodeName, Version.current(), pid, uptimeMs, heap(tiers.heap()), mapped(tiers.mapped()),
                loads(shard.loadCounts()), new NodeStatus.Invalidations(tiers.epoch(), tiers.prefixes()),
                rebuild(tiers.rebuild()), sessions(tiers), stores(), clients.status());
    }

    private static NodeStatus.HeapTier heap(TierSnapshot.Heap heap) {
        return new NodeStatus.HeapTier(heap.capacityBytes(), heap.usedBytes(), heap.entries(), heap.hits(),
                heap.misses(), heap.evictions());
    }

    private static NodeStatus.MappedTier mapped(TierSnapshot.Mapped mapped) {
        return new NodeStatus.MappedTier(mapped.capacityBytes(), mapped.usedBytes(), mapped.fileBytes(), mapped
                .entries(), mapped.hits(),
                mapped.misses(), mapped.evictions(), mapped.pinnedBytes(), mapped.segments(), mapped.damaged(),
                mapped.state(), mapped.reason());
    }

    private static NodeStatus.Rebuild rebuild(TierSnapshot.Rebuild rebuild) {
        return new NodeStatus.Rebuild(rebuild.isRunning(), rebuild.segments(), rebuild.segmentsDone(),
                rebuild.frames());
    }

    private static NodeStatus.Loads loads(LoadCounts counts) {
        return new NodeStatus.Loads(counts.active(), counts.total(), counts.failed(), counts.collapsed(),
                counts.skipped(), counts.passed(), counts.retried(), counts.revalidated(), counts.skippedRefreshes(),
                counts.rememberedMisses(), counts.streams());
    }

    private NodeStatus.Sessions sessions(TierSnapshot tiers) {
        TierSnapshot.Leases leases = tiers.leases();
        return new NodeStatus.Sessions(clients.refused(), clients.unmapped(), leases.revokedReaders(),
                leases.quotaRefusals(), leases.touches(), leases.foreignReleases(),
                tiers.mapped().outstandingAllocations(), shard.abandonedPuts());
    }

    private List<NodeStatus.Store> stores() {
        List<NodeStatus.Store> rows = new ArrayList<>();
        for (Mount mount : mounts.mounts()) {
            rows.add(new NodeStatus.Store(mount.prefix(), mount.uri(), mount.state().label()));
        }
        return rows;
    }
}
