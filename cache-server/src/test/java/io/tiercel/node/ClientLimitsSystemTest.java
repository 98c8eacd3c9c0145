package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
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
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with room for three clients, one of them mapped. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClientLimitsSystemTest {
    private static final Key KEY = Key.of("leased");

    @TempDir
    Path dir;
    private TiercelNode node;

    @BeforeEach
    void launch() {
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(16L << 20)
                .profile(Profile.COMPACT).maxClients(3).maxMappedClients(1).udpEndpoint(NodeSettings.OFF)
                .httpEndpoint(NodeSettings.OFF).mount("", URI.create("cache:/")).conclude());
        try (TiercelClient client = TiercelClient.connect(context().streamed(true))) {
            client.put(KEY, ByteBuffer.wrap(ChildReader.pattern()), PutOptions.DEFAULTS);
        }
        await().until(() -> status().clients().isEmpty());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldRefuseClientsBeyondTheLimitAndTakeOneWhenOneLeft() {
        try (TiercelClient first = TiercelClient.connect(context());
                TiercelClient second = TiercelClient.connect(context())) {
            try (TiercelClient third = TiercelClient.connect(context())) {
                assertThatThrownBy(() -> TiercelClient.connect(context()))
                        .isInstanceOfSatisfying(TiercelException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
                        .hasMessageContaining("clients.max=3");
                assertServes(third);
            }
            assertServes(first);
            assertServes(second);
            assertThat(status().sessions().refused()).isPositive();

            connectWhenThereIsRoom(context()).close();
        }
    }

    @Test
    void shouldTakeAClientWhenOneDied() throws Exception {
        try (ChildReader child = ChildReader.start(dir, KEY);
                TiercelClient second = TiercelClient.connect(context());
                TiercelClient third = TiercelClient.connect(context())) {
            assertThatThrownBy(() -> TiercelClient.connect(context())).isInstanceOf(TiercelException.class)
                    .hasFieldOrPropertyWithValue("code", ErrorCode.OVERLOADED);

            child.kill();

            try (TiercelClient fourth = connectWhenThereIsRoom(context())) {
                assertServes(fourth);
            }
            assertServes(second);
            assertServes(third);
        }
    }

    @Test
    void shouldStreamToClientsBeyondTheMappedOnes() {
        try (TiercelClient mapped = TiercelClient.connect(context());
                TiercelClient streamed = TiercelClient.connect(context())) {
            assertThat(mapped.mode()).isEqualTo(Mode.MAPPED);
            assertThat(streamed.mode()).isEqualTo(Mode.IPC);
            assertServes(mapped);
            assertServes(streamed);
            assertThat(status().sessions().unmapped()).isOne();
        }
    }

    @Test
    void shouldRefuseAClientThatInsistsOnMappingAndTakeItWhenTheMappedOneLeft() {
        try (TiercelClient mapped = TiercelClient.connect(context().mustMap(true))) {
            assertThat(mapped.mode()).isEqualTo(Mode.MAPPED);
            assertThatThrownBy(() -> TiercelClient.connect(context().mustMap(true)))
                    .isInstanceOfSatisfying(TiercelException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                        assertThat(e.retryAfterMs()).isPositive();
                    }).hasMessageContaining("clients.maxMapped");
            assertServes(mapped);
        }

        try (TiercelClient next = connectWhenThereIsRoom(context().mustMap(true))) {
            assertThat(next.mode()).isEqualTo(Mode.MAPPED);
            assertServes(next);
        }
    }

    @Test
    void shouldMapAClientThatInsistsWhenTheMappedOneDied() throws Exception {
        try (ChildReader child = ChildReader.start(dir, KEY)) {
            assertThatThrownBy(() -> TiercelClient.connect(context().mustMap(true)))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.OVERLOADED);

            child.kill();

            try (TiercelClient next = connectWhenThereIsRoom(context().mustMap(true))) {
                assertThat(next.mode()).isEqualTo(Mode.MAPPED);
                assertServes(next);
            }
        }
    }

    @Test
    void shouldRefuseToInsistOnWhatCannotBe() {
        assertThatThrownBy(() -> context().streamed(true).mustMap(true).conclude())
                .hasFieldOrPropertyWithValue("code", ErrorCode.BAD_CONFIGURATION).hasMessageContaining("mustMap=true");
        assertThatThrownBy(() -> new TiercelClient.Context().udp("127.0.0.1:1").mustMap(true).conclude())
                .hasFieldOrPropertyWithValue("code", ErrorCode.BAD_CONFIGURATION);
    }

    private static void assertServes(TiercelClient client) {
        try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
            byte[] bytes = new byte[(int) frame.length()];
            frame.buffer().getBytes(0, bytes);
            assertThat(bytes).isEqualTo(ChildReader.pattern());
            assertThat(frame.isMapped()).isEqualTo(client.mode() == Mode.MAPPED);
        }
    }

    /** A place is free when the node has noticed that its owner is gone. */
    private static TiercelClient connectWhenThereIsRoom(TiercelClient.Context context) {
        TiercelClient[] made = new TiercelClient[1];
        await().pollInSameThread().until(() -> {
            try {
                made[0] = TiercelClient.connect(context);
                return true;
            } catch (TiercelException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                return false;
            }
        });
        return made[0];
    }

    private TiercelClient.Context context() {
        return new TiercelClient.Context().nodeDir(dir).connectTimeoutNs(TimeUnit.SECONDS.toNanos(30))
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(30));
    }

    private NodeStatus status() {
        return node.commands().status().join();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }
}
