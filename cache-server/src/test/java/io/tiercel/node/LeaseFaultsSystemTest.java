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
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients in processes of their own do to the frames that they have leased, and what becomes of these. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LeaseFaultsSystemTest {
    private static final Key KEY = Key.of("leased");

    @TempDir
    Path dir;
    private TiercelNode node;

    @BeforeEach
    void launch() {
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(16L << 20).heapCapacity(0)
                .profile(Profile.COMPACT).maxClients(3).maxMappedClients(1).udpEndpoint(NodeSettings.OFF)
                .httpEndpoint(NodeSettings.OFF).mount("", URI.create("cache:/")).conclude());
        try (TiercelClient client = connect(true)) {
            client.put(KEY, ByteBuffer.wrap(ChildReader.pattern()), PutOptions.DEFAULTS);
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldReleaseWhatAKilledClientLeased() throws Exception {
        try (ChildReader child = ChildReader.start(dir, KEY)) {
            assertThat(pinnedBytes()).isPositive();
            assertThat(status().clients().get(0).pinnedBytes()).as("shown by client").isEqualTo(pinnedBytes());

            child.kill();

            await().untilAsserted(() -> assertThat(pinnedBytes()).isZero());
        }
    }

    @Test
    void shouldKeepWhatAStoppedClientLeased() throws Exception {
        try (ChildReader child = ChildReader.start(dir, KEY)) {
            child.signal("STOP");
            try (TiercelClient writer = connect(true)) {
                writer.invalidate(KEY);
                flood(writer);
                assertThat(pinnedBytes()).isPositive();
            }

            child.signal("CONT");

            assertThat(child.ask("check")).as("its bytes after the flood").isEqualTo("same");
            assertThat(child.ask("again")).as("the key itself is gone").isEqualTo("absent");
            assertThat(child.ask("close")).isEqualTo("closed");
            await().untilAsserted(() -> assertThat(pinnedBytes()).isZero());
        }
    }

    @Test
    void shouldFaultInTheClientAloneThatWritesIntoItsFrame() throws Exception {
        try (ChildReader child = ChildReader.start(dir, KEY)) {
            assertThat(child.ask("write")).as("it died instead of an answer").isNull();
            assertThat(child.exitCode()).isNotZero();
        }

        try (TiercelClient client = connect(true); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            byte[] bytes = new byte[(int) frame.length()];
            frame.buffer().getBytes(0, bytes);
            assertThat(Arrays.equals(bytes, ChildReader.pattern())).isTrue();
        }
        await().untilAsserted(() -> assertThat(pinnedBytes()).isZero());
    }

    private static void flood(TiercelClient writer) {
        byte[] other = new byte[ChildReader.pattern().length];
        Arrays.fill(other, (byte) 0xA5);
        for (int i = 0; i < 1_200; i++) {
            writer.put(Key.of("flood/" + i), ByteBuffer.wrap(other), PutOptions.DEFAULTS);
        }
    }

    private TiercelClient connect(boolean streamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(streamed)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(30)).connectTimeoutNs(TimeUnit.SECONDS.toNanos(30)));
    }

    private NodeStatus status() throws Exception {
        return node.commands().status().get(30, TimeUnit.SECONDS);
    }

    private long pinnedBytes() throws Exception {
        return status().mapped().pinnedBytes();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }
}
