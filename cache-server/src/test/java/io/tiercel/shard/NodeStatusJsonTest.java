package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.shard.NodeStatus.Client;
import io.tiercel.shard.NodeStatus.HeapTier;
import io.tiercel.shard.NodeStatus.Invalidations;
import io.tiercel.shard.NodeStatus.Loads;
import io.tiercel.shard.NodeStatus.MappedTier;
import io.tiercel.shard.NodeStatus.Store;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeStatusJsonTest {
    @Test
    void shouldKeepTheNamesThatProgramsRead() {
        NodeStatus status = new NodeStatus("n\"1", "0.1.0", 42, 1234, new HeapTier(1, 2, 3, 4, 5, 6),
                new MappedTier(7, 8, 26, 9, 10, 11, 12, 13, 14, 15, "ok", ""), new Loads(16, 17, 18, 19, 20, 30, 39, 40,
                        41,
                        42, 43),
                new Invalidations(21, 22), new NodeStatus.Rebuild(true, 27, 28, 29),
                new NodeStatus.Sessions(31, 32, 33, 34, 35, 36, 37, 38),
                List.of(new Store("lake", "memory:", "up"), new Store("", "cache:", "up")),
                List.of(new Client(23, "MAPPED", 24, 25)));

        assertThat(NodeStatusJson.of(status)).isEqualTo("""
                {"node":"n\\"1","version":"0.1.0","pid":42,"uptimeMs":1234,"tiers":{\
                "heap":{"capacityBytes":1,"usedBytes":2,"entries":3,"hits":4,"misses":5,"evictions":6},\
                "mapped":{"capacityBytes":7,"usedBytes":8,"fileBytes":26,"entries":9,"hits":10,"misses":11,"evictions":12,\
                "pinnedBytes":13,"segments":14,"damaged":15,"state":"ok","reason":""}},\
                "loads":{"active":16,"total":17,"failed":18,"collapsed":19,"skipped":20,"passed":30,"retried":39,\
                "revalidated":40,"skippedRefreshes":41,"rememberedMisses":42,"streams":43},\
                "invalidation":{"epoch":21,"prefixes":22},\
                "rebuild":{"running":true,"segments":27,"segmentsDone":28,"frames":29},\
                "sessions":{"refused":31,"unmapped":32,"revoked":33,"quotaRefusals":34,"touches":35,\
                "foreignReleases":36,"writing":37,"abandonedPuts":38},\
                "stores":[{"mount":"lake","uri":"memory:","state":"up"},{"mount":"","uri":"cache:","state":"up"}],\
                "clients":[{"id":23,"mode":"MAPPED","pinnedBytes":24,"pending":25}]}""");
    }
}
