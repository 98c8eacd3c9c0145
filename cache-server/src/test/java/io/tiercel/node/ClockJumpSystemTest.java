package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiercel.tier.NodeClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that go on with a directory after the wall clock was set to another hour. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClockJumpSystemTest {
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
    private static final byte[] BYTES = "value".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private void run(long jumpMs, Consumer<ModelClient> with) {
        NodeSettings settings = new NodeSettings.Context().dir(dir).mappedCapacity(64L << 20).profile(Profile.COMPACT)
                .udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF).mount(MountSettings.cacheOnly("",
                        1 << 20)).conclude();
        try (TiercelNode node = TiercelNode.launch(settings, NodeClock.of(dir, System.currentTimeMillis() + jumpMs));
                ModelClient client = ModelClient.ofLibrary(node, true)) {
            with.accept(client);
        }
    }

    @Test
    void shouldExpireWhatWasPutThoughTheWallClockGoesBack() {
        run(0, client -> client.put("k", BYTES, 500));

        run(-HOUR_MS, client -> await().atMost(Duration.ofMinutes(2)).until(() -> client.read("k") == null));
    }

    @Test
    void shouldKeepWhatWasPutThoughTheWallClockGoesAhead() {
        run(0, client -> client.put("k", BYTES, HOUR_MS / 2));

        run(HOUR_MS, client -> assertThat(client.read("k")).isEqualTo(BYTES));
    }
}
