package io.tiercel.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tiercel.shard.NodeStatus;
import io.tiercel.shard.NodeStatus.Client;
import io.tiercel.shard.NodeStatus.HeapTier;
import io.tiercel.shard.NodeStatus.Loads;
import io.tiercel.shard.NodeStatus.MappedTier;
import io.tiercel.shard.NodeStatus.Sessions;
import io.tiercel.shard.NodeStatus.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node's status as metrics: one call, one status, one list. Keeps nothing. */
public final class StatusMetrics {
    private static final Labels HEAP = Labels.of("tier", "heap");
    private static final Labels MAPPED = Labels.of("tier", "mapped");

    private StatusMetrics() {}

    public static List<MetricSnapshot> of(NodeStatus status) {
        List<MetricSnapshot> out = new ArrayList<>();
        out.add(InfoSnapshot.builder().name("tiercel_build").help("What runs here.").dataPoint(InfoDataPointSnapshot
                .builder().labels(Labels.of("version", status.version(), "node", status.node())).build()).build());
        out.add(gauge("tiercel_uptime_seconds", "Since the node served.", status.uptimeMs() / 1e3));
        tiers(out, status.heap(), status.mapped());
        loads(out, status.loads());
        out.add(gauge("tiercel_invalidation_epoch", "Of the last prefix invalidation.",
                status.invalidation().epoch()));
        out.add(gauge("tiercel_invalidation_prefixes", "Invalidated prefixes remembered.",
                status.invalidation().prefixes()));
        out.add(stores(status.stores()));
        clients(out, status.clients());
        sessions(out, status.sessions());
        return out;
    }

    private static void tiers(List<MetricSnapshot> out, HeapTier heap, MappedTier mapped) {
        out.add(gauges("tiercel_tier_capacity_bytes", "Bound of a tier.", heap.capacityBytes(),
                mapped.capacityBytes()));
        out.add(gauges("tiercel_tier_used_bytes", "Weight of what a tier holds.", heap.usedBytes(),
                mapped.usedBytes()));
        out.add(gauges("tiercel_tier_entries", "Frames in a tier.", heap.entries(), mapped.entries()));
        out.add(counters("tiercel_tier_hits", "Reads that a tier answered.", heap.hits(), mapped.hits()));
        out.add(counters("tiercel_tier_misses", "Reads that a tier could not answer.", heap.misses(),
                mapped.misses()));
        out.add(counters("tiercel_tier_evictions", "Frames dropped for room.", heap.evictions(), mapped.evictions()));
        out.add(gauge("tiercel_pinned_bytes", "Bytes held by leases.", mapped.pinnedBytes()));
        out.add(gauge("tiercel_segments", "Segment files in use.", mapped.segments()));
        out.add(GaugeSnapshot.builder().name("tiercel_tier_ok")
                .help("1 where a tier does all it should; its state says how else.")
                .dataPoint(GaugeDataPointSnapshot.builder().labels(Labels.of("tier", "mapped", "state", mapped.state()))
                        .value(mapped.state().equals("ok") ? 1 : 0).build())
                .build());
        out.add(counter("tiercel_damaged", "Frames and segments dropped as torn, truncated or corrupt.",
                mapped.damaged()));
    }

    private static void loads(List<MetricSnapshot> out, Loads loads) {
        out.add(gauge("tiercel_loads_active", "Loads from stores under way.", loads.active()));
        out.add(counter("tiercel_loads", "Loads from stores begun.", loads.total()));
        out.add(counter("tiercel_loads_failed", "Loads from stores that failed.", loads.failed()));
        out.add(counter("tiercel_loads_collapsed", "Reads that joined a load under way.", loads.collapsed()));
        out.add(counter("tiercel_loads_skipped", "Fills left out because the limit was reached.", loads.skipped()));
        out.add(counter("tiercel_loads_passed", "Objects handed on unkept, for want of room.", loads.passed()));
        out.add(counter("tiercel_loads_retried", "Calls of stores made once more after a failure.", loads.retried()));
        out.add(counter("tiercel_loads_revalidated", "Frames that their store said are unchanged.",
                loads.revalidated()));
        out.add(counter("tiercel_refreshes_skipped", "Frames not asked for ahead of their end: too many were.",
                loads.skippedRefreshes()));
        out.add(gauge("tiercel_remembered_misses", "Keys known not to be in their store.", loads.rememberedMisses()));
        out.add(gauge("tiercel_streams", "Objects on their way to readers past the cache.", loads.streams()));
    }

    private static void sessions(List<MetricSnapshot> out, Sessions sessions) {
        out.add(counter("tiercel_clients_refused", "Clients refused beyond clients.max.", sessions.refused()));
        out.add(counter("tiercel_clients_unmapped", "Clients streamed to beyond clients.maxMapped.",
                sessions.unmapped()));
        out.add(counter("tiercel_clients_revoked", "Clients closed for pins beyond clients.pinQuota.",
                sessions.revoked()));
        out.add(counter("tiercel_lease_quota_refusals", "Leases refused for clients.pinQuota.",
                sessions.quotaRefusals()));
        out.add(counter("tiercel_lease_touches", "Reads of mapped clients that the policy counted.",
                sessions.touches()));
        out.add(counter("tiercel_lease_foreign_releases", "Releases of what had been released before.",
                sessions.foreignReleases()));
        out.add(gauge("tiercel_writing", "Frames with room that are not whole yet.", sessions.writing()));
        out.add(counter("tiercel_puts_abandoned", "Puts given up before they were whole.",
                sessions.abandonedPuts()));
    }

    private static MetricSnapshot stores(List<Store> stores) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tiercel_store_up")
                .help("1 where a mount's store answers as it should; its state says how else.");
        for (Store store : stores) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("mount", store.mount(), "state", store.state()))
                    .value(store.state().equals("up") ? 1 : 0).build());
        }
        return gauge.build();
    }

    private static void clients(List<MetricSnapshot> out, List<Client> clients) {
        Map<String, Integer> countByMode = new TreeMap<>();
        long pending = 0;
        for (Client client : clients) {
            countByMode.merge(client.mode(), 1, Integer::sum);
            pending += client.pending();
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tiercel_clients").help("Sessions, by mode.");
        countByMode.forEach((mode, count) -> gauge.dataPoint(
                GaugeDataPointSnapshot.builder().labels(Labels.of("mode", mode)).value(count).build()));
        out.add(gauge.build());
        out.add(gauge("tiercel_client_requests_pending", "Requests of sessions not yet answered.", pending));
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder().name(name).help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return gauge(name, help, (double) value);
    }

    private static MetricSnapshot gauges(String name, String help, long heap, long mapped) {
        return GaugeSnapshot.builder().name(name).help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().labels(HEAP).value((double) heap).build())
                .dataPoint(GaugeDataPointSnapshot.builder().labels(MAPPED).value((double) mapped).build()).build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder().name(name).help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value((double) value).build()).build();
    }

    private static MetricSnapshot counters(String name, String help, long heap, long mapped) {
        return CounterSnapshot.builder().name(name).help(help)
                .dataPoint(CounterDataPointSnapshot.builder().labels(HEAP).value((double) heap).build())
                .dataPoint(CounterDataPointSnapshot.builder().labels(MAPPED).value((double) mapped).build()).build();
    }
}
