package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.shard.NodeStatus;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that dies in the midst of a put leaves nothing behind: its room is used again, what was there stays. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AbandonedPutSystemTest {
    private static final Key OLD = Key.of("begun/aeron");

    @TempDir
    Path dir;

    @Test
    void shouldReclaimWhatAKilledClientHadBegunToPut() throws Exception {
        try (TiercelNode node = launch(); TiercelClient client = connect(node)) {
            client.put(OLD, ByteBuffer.wrap(new byte[]{42}), PutOptions.DEFAULTS);
            int port = Integer.parseInt(node.httpEndpoint().substring(node.httpEndpoint().lastIndexOf(':') + 1));
            try (ChildWriter child = ChildWriter.start(node.aeronDir(), port)) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(
                        () -> assertThat(status(node).sessions().writing()).isEqualTo(ChildWriter.PUTS));
                assertThat(status(node).mapped().usedBytes()).isGreaterThan(2L * ChildWriter.LENGTH);

                child.kill();
            }

            Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(
                    () -> assertThat(status(node).sessions().writing()).isZero());
            assertThat(status(node).sessions().abandonedPuts()).as("counted").isEqualTo(ChildWriter.PUTS);
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(
                    () -> assertThat(status(node).mapped().usedBytes()).isLessThan(ChildWriter.LENGTH));
            try (Frame frame = Objects.requireNonNull(client.get(OLD))) {
                assertThat(frame.buffer().getByte(0)).as("what was there before").isEqualTo((byte) 42);
            }
            assertThat(client.get(Key.of("begun/http"))).isNull();
            // With the first of them held there is room for the second only where the abandoned ones lay.
            client.put(Key.of("next"), ByteBuffer.wrap(new byte[6_500_000]), PutOptions.DEFAULTS);
            try (Frame held = Objects.requireNonNull(client.get(Key.of("next")))) {
                client.put(Key.of("last"), ByteBuffer.wrap(new byte[6_500_000]), PutOptions.DEFAULTS);
                assertThat(held.isMapped()).isTrue();
            }
        }
    }

    private TiercelNode launch() {
        return TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(16L << 20).heapCapacity(0)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint("127.0.0.1:0")
                .mount("", URI.create("cache:/")).conclude());
    }

    private static TiercelClient connect(TiercelNode node) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir())
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(30)).connectTimeoutNs(TimeUnit.SECONDS.toNanos(30)));
    }

    private static NodeStatus status(TiercelNode node) throws Exception {
        return node.commands().status().get(30, TimeUnit.SECONDS);
    }
}
