package io.tiercel.client;

import static io.tiercel.client.StreamedReadSystemTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.wire.codec.PingEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LossSystemTest extends NodeTestCase {
    private static final Key KEY = Key.of("a/b");
    private static final long TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(150);

    @TempDir
    Path other;

    @ParameterizedTest
    @EnumSource
    void shouldTimeOutWhenALivingNodeDoesNotAnswer(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            node.mischief.isMute = true;
            long startNs = System.nanoTime();

            assertCode(() -> client.get(KEY, TIMEOUT_NS), ErrorCode.TIMEOUT, "get of a/b got no answer in time");
            assertThatThrownBy(() -> client.getAsync(KEY, TIMEOUT_NS).get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(ExecutionException.class, e -> assertThat(e.getCause())
                            .isInstanceOfSatisfying(TiercelException.class,
                                    t -> assertThat(t.code()).isEqualTo(ErrorCode.TIMEOUT)));

            assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(10));
            node.mischief.isMute = false;
            assertThat(client.pingNs()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MAPPED", "IPC"})
    void shouldFailCallsUnderWayWhenTheNodeStops(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            node.mischief.isMute = true;
            CompletableFuture<Frame> pending = client.getAsync(KEY);
            await().until(() -> gets() == 1);

            node.close();

            assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TiercelException.class)
                    .hasMessageContaining("get of a/b failed").hasMessageContaining("is gone");
            assertCode(client::pingNs, ErrorCode.NODE_UNAVAILABLE, "tiercel serve --dir " + dir);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailCallsUnderWayWhenTheNodeIsKilled(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            node.mischief.isMute = true;
            CompletableFuture<Frame> pending = client.getAsync(KEY);
            await().until(() -> gets() == 1);

            node.mischief.beatStops = true;

            assertThatThrownBy(() -> pending.get(15, TimeUnit.SECONDS)).isInstanceOfSatisfying(
                    ExecutionException.class, e -> assertThat(e.getCause()).isInstanceOfSatisfying(
                            TiercelException.class,
                            t -> assertThat(t.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE)));
        }
    }

    @Test
    void shouldServeNoCachedFrameOfANodeThatStopped() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Frame frame = Objects.requireNonNull(client.get(KEY));

            node.close();

            assertCode(() -> client.get(KEY), ErrorCode.NODE_UNAVAILABLE, "");
            assertThat(copy(frame)).isEqualTo(bytes(100, 1));
            frame.close();
        }
    }

    @Test
    void shouldFindARestartedNodeInTheSameDirectory() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Frame old = Objects.requireNonNull(client.get(KEY));
            node.close();
            assertCode(client::pingNs, ErrorCode.NODE_UNAVAILABLE, "");

            node = FakeNode.start(dir, 2L);
            node.put("a/b", bytes(100, 2), true);

            try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                assertThat(copy(frame)).isEqualTo(bytes(100, 2));
                assertThat(frame.isMapped()).isTrue();
            }
            assertThat(copy(old)).as("leased from the node before").isEqualTo(bytes(100, 1));
            old.close();
        }
    }

    @Test
    void shouldFollowANodeThatWasKilledAndCameBack() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();
            node.kill();
            node = FakeNode.start(dir, 2L);
            node.put("a/b", bytes(100, 2), true);

            await().ignoreExceptionsInstanceOf(TiercelException.class).untilAsserted(() -> {
                try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                    assertThat(copy(frame)).isEqualTo(bytes(100, 2));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReconnectAfterTheNodeEndedTheSession(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            node.mischief.isMute = true;
            CompletableFuture<Long> pending = client.pingAsync();
            await().until(() -> node.count(PingEncoder.TEMPLATE_ID) == 1);

            node.closeSessions("too slow");

            assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS)).hasMessageContaining("too slow (OVERLOADED)");
            node.mischief.isMute = false;
            assertThat(client.pingAsync().get(20, TimeUnit.SECONDS)).isPositive();
            assertThat(client.pingNs()).isPositive();
            assertThat(client.mode()).isEqualTo(mode);
        }
    }

    @Test
    void shouldSayWhatToDoWhereNoNodeServes() throws Exception {
        assertCode(() -> TiercelClient.connect(context().nodeDir(other)), ErrorCode.NODE_UNAVAILABLE,
                "no node serves " + other + "; start one with: tiercel serve --dir " + other);
        node.close();
        assertCode(() -> TiercelClient.connect(context().nodeDir(dir)), ErrorCode.NODE_UNAVAILABLE,
                "start one with: tiercel serve");
    }

    @Test
    void shouldSayThatAKilledNodeDoesNotMove() {
        node.kill();
        assertCode(() -> TiercelClient.connect(context().nodeDir(dir).livenessTimeoutNs(200_000_000L)),
                ErrorCode.NODE_UNAVAILABLE, "has not moved");
    }

    @Test
    void shouldSayWhatToDoWhereNobodyAnswersOverUdp() {
        assertCode(() -> TiercelClient.connect(context().udp("127.0.0.1:9").connectTimeoutNs(300_000_000L)),
                ErrorCode.NODE_UNAVAILABLE, "start one with: tiercel serve --udp 127.0.0.1:9");
    }

    @Test
    void shouldRefuseAForeignControlFile() throws Exception {
        Files.writeString(other.resolve("control"), "x".repeat(5000));
        assertCode(() -> TiercelClient.connect(context().nodeDir(other)), ErrorCode.NODE_UNAVAILABLE,
                "not a Tiercel control file");
    }

    @Test
    void shouldRefuseCallsAfterClose() throws Exception {
        TiercelClient client = connect();
        client.close();
        client.close();
        assertThatThrownBy(client::pingNs).isInstanceOf(IllegalStateException.class).hasMessage("client is closed");
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNothingBehind(Mode mode) throws Exception {
        Path drivers = Files.createDirectories(other.resolve("drivers"));
        for (int i = 0; i < 5; i++) {
            TiercelClient.Context context = context();
            if (mode == Mode.UDP) {
                context.udp(node.udpEndpoint()).driverParentDir(drivers);
            } else {
                context.nodeDir(dir).streamed(mode == Mode.IPC);
            }
            TiercelClient client = TiercelClient.connect(context.clientName("leak"));
            client.pingNs();
            client.close();
        }

        assertThat(drivers).isEmptyDirectory();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("tiercel-client-leak"));
        assertThat(reported).isEmpty();
    }
}
