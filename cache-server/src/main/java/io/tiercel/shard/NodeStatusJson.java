package io.tiercel.shard;

import io.tiercel.json.JsonWriter;

/** JSON of a {@link NodeStatus}: one line, the same over Aeron, over HTTP and on the command line. */
public final class NodeStatusJson {
    private NodeStatusJson() {}

    public static String of(NodeStatus status) {
        JsonWriter out = new JsonWriter().beginObject();
        out.field("node", status.node()).field("version", status.version()).field("pid", status.pid());
        out.field("uptimeMs", status.uptimeMs());
        out.beginObject("tiers");
        heap(out, status.heap());
        mapped(out, status.mapped());
        out.endObject();
        loads(out, status.loads());
        NodeStatus.Invalidations invalidation = status.invalidation();
        out.beginObject("invalidation").field("epoch", invalidation.epoch()).field("prefixes", invalidation.prefixes());
        out.endObject();
        rebuild(out, status.rebuild());
        sessions(out, status.sessions());
        stores(out, status);
        clients(out, status);
        return out.endObject().toString();
    }

    private static void heap(JsonWriter out, NodeStatus.HeapTier heap) {
        out.beginObject("heap").field("capacityBytes", heap.capacityBytes()).field("usedBytes", heap.usedBytes())
                .field("entries", heap.entries()).field("hits", heap.hits()).field("misses", heap.misses())
                .field("evictions", heap.evictions()).endObject();
    }

    private static void mapped(JsonWriter out, NodeStatus.MappedTier mapped) {
        out.beginObject("mapped").field("capacityBytes", mapped.capacityBytes()).field("usedBytes", mapped.usedBytes())
                .field("fileBytes", mapped.fileBytes()).field("entries", mapped.entries()).field("hits", mapped.hits())
                .field("misses", mapped.misses())
                .field("evictions", mapped.evictions()).field("pinnedBytes", mapped.pinnedBytes())
                .field("segments", mapped.segments()).field("damaged", mapped.damaged())
                .field("state", mapped.state()).field("reason", mapped.reason()).endObject();
    }

    private static void loads(JsonWriter out, NodeStatus.Loads loads) {
        out.beginObject("loads").field("active", loads.active()).field("total", loads.total())
                .field("failed", loads.failed()).field("collapsed", loads.collapsed()).field("skipped", loads.skipped())
                .field("passed", loads.passed()).field("retried", loads.retried())
                .field("revalidated", loads.revalidated()).field("skippedRefreshes", loads.skippedRefreshes())
                .field("rememberedMisses", loads.rememberedMisses()).field("streams", loads.streams()).endObject();
    }

    private static void sessions(JsonWriter out, NodeStatus.Sessions sessions) {
        out.beginObject("sessions").field("refused", sessions.refused()).field("unmapped", sessions.unmapped())
                .field("revoked", sessions.revoked()).field("quotaRefusals", sessions.quotaRefusals())
                .field("touches", sessions.touches()).field("foreignReleases", sessions.foreignReleases())
                .field("writing", sessions.writing()).field("abandonedPuts", sessions.abandonedPuts()).endObject();
    }

    private static void rebuild(JsonWriter out, NodeStatus.Rebuild rebuild) {
        out.beginObject("rebuild").field("running", rebuild.isRunning()).field("segments", rebuild.segments())
                .field("segmentsDone", rebuild.segmentsDone()).field("frames", rebuild.frames()).endObject();
    }

    private static void stores(JsonWriter out, NodeStatus status) {
        out.beginArray("stores");
        for (NodeStatus.Store store : status.stores()) {
            out.beginObject().field("mount", store.mount()).field("uri", store.uri()).field("state", store.state())
                    .endObject();
        }
        out.endArray();
    }

    private static void clients(JsonWriter out, NodeStatus status) {
        out.beginArray("clients");
        for (NodeStatus.Client client : status.clients()) {
            out.beginObject().field("id", client.id()).field("mode", client.mode())
                    .field("pinnedBytes", client.pinnedBytes()).field("pending", client.pending()).endObject();
        }
        out.endArray();
    }
}
