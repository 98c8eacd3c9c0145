package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.shard.NodeStatus;
import io.tiercel.shard.NodeStatusJson;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    @Test
    void shouldSayWhatTheDocumentHolds() {
        NodeStatus status = new NodeStatus("eu1", "1.0", 77, 3_723_000,
                new NodeStatus.HeapTier(64 << 20, 1536, 3, 4, 5, 6),
                new NodeStatus.MappedTier(1 << 30, 300 << 20, 320 << 20, 7, 8, 9, 10, 2048, 11, 12, "ok", ""),
                new NodeStatus.Loads(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), new NodeStatus.Invalidations(13, 14),
                new NodeStatus.Rebuild(true, 18, 17, 19), new NodeStatus.Sessions(20, 21, 22, 23, 24, 25, 26, 27),
                List.of(new NodeStatus.Store("", "cache:", "up")), List.of(new NodeStatus.Client(15, "UDP", 0, 16)));

        assertThat(StatusText.of(NodeStatusJson.of(status))).containsExactly(
                "node          eu1, version 1.0, pid 77, up 1:02:03",
                "heap          1.5KiB of 64.0MiB, 3 entries, 4 hits, 5 misses, 6 evictions",
                "mapped        300.0MiB of 1.0GiB, 7 entries, 8 hits, 9 misses, 10 evictions, 2.0KiB pinned,"
                        + " 11 segments, 12 damaged",
                "loads         1 active, 2 in all, 3 failed, 4 collapsed, 5 skipped, 6 passed",
                "              7 retried, 8 revalidated, 9 refreshes skipped, 10 misses remembered, 11 streams",
                "invalidation  epoch 13, 14 prefixes", "rebuild       17 of 18 segments, 19 frames found",
                "sessions      20 refused, 21 unmapped, 22 revoked, 23 quota refusals, 24 touches, 27 abandoned puts",
                "store         (root): cache: is up",
                "client        15: UDP, 0B pinned, 16 pending");
    }
}
