package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.ListEntry;
import io.tiercel.client.Listing;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.PutResult;
import io.tiercel.client.Served;
import io.tiercel.client.Stat;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole node and real clients, over every way that frames travel. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NodeSystemTest {
    @TempDir
    Path temp;
    private Path lake;
    private TiercelNode node;

    @BeforeEach
    void launch() throws IOException {
        lake = Files.createDirectory(temp.resolve("lake"));
        node = TiercelNode.launch(settings(temp.resolve("node")));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private NodeSettings settings(Path dir) {
        return new NodeSettings.Context().dir(dir).mappedCapacity(256L << 20).profile(Profile.COMPACT)
                .udpEndpoint("127.0.0.1:0").httpEndpoint(NodeSettings.OFF).drainDeadlineMs(2_000)
                .mount("", URI.create("cache:/")).mount("lake", lake.toUri()).conclude();
    }

    private TiercelClient connect(Mode mode) {
        TiercelClient.Context context = new TiercelClient.Context().requestTimeoutNs(TimeUnit.SECONDS.toNanos(20));
        return TiercelClient.connect(switch (mode) {
            case MAPPED -> context.nodeDir(node.dir());
            case IPC -> context.nodeDir(node.dir()).streamed(true);
            case UDP -> context.udp(node.udpEndpoint());
        });
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldGiveBackWhatWasPut(Mode mode) {
        try (TiercelClient client = connect(mode)) {
            assertThat(client.mode()).isEqualTo(mode);
            for (int length : new int[]{0, 1, 64, 4096, 65_536, 200_000, 5_000_000}) {
                byte[] bytes = randomBytes(length);
                Key key = Key.of("put/" + length);

                PutResult put = client.put(key, ByteBuffer.wrap(bytes), PutOptions.DEFAULTS.contentType("x/y"));

                assertThat(put.created()).isTrue();
                try (Frame frame = client.get(key)) {
                    assertThat(frame).isNotNull();
                    assertThat(bytesOf(frame)).isEqualTo(bytes);
                    assertThat(frame.etag()).isEqualTo(put.etag());
                    assertThat(frame.contentType()).isEqualTo("x/y");
                    assertThat(frame.isMapped()).isEqualTo(mode == Mode.MAPPED);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldReadThroughAndSeeNewValueAfterPrefixInvalidation(Mode mode) throws IOException {
        Files.createDirectory(lake.resolve("d"));
        Files.writeString(lake.resolve("d/a"), "old value");
        try (TiercelClient client = connect(mode)) {
            Key key = Key.of("lake/d/a");
            awaitCached(client, key);
            assertThat(textOf(client, key)).isEqualTo("old value");
            Files.writeString(lake.resolve("d/a"), "new value!");
            assertThat(textOf(client, key)).isEqualTo("old value");

            client.invalidatePrefix(Key.of("lake/d"));

            assertThat(textOf(client, key)).isEqualTo("new value!");
        }
    }

    @Test
    void shouldSeeChangeOfFileThatHadJustChanged() throws IOException {
        try (TiercelClient client = connect(Mode.MAPPED)) {
            for (int i = 0; i < 20; i++) {
                Files.writeString(lake.resolve("busy"), "value " + i % 10);
                assertThat(textOf(client, Key.of("lake/busy"))).isEqualTo("value " + i % 10);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldAnswerMissesStatsAndListings(Mode mode) throws IOException {
        Files.writeString(lake.resolve("one"), "1");
        Files.writeString(lake.resolve("two"), "22");
        try (TiercelClient client = connect(mode)) {
            assertThat(client.get(Key.of("none"))).isNull();
            assertThat(client.exists(Key.of("lake/none"))).isFalse();
            assertThat(client.exists(Key.of("lake/one"))).isTrue();
            Stat stat = client.stat(Key.of("lake/two"));
            assertThat(stat).isNotNull().extracting(Stat::length).isEqualTo(2L);

            List<String> listed = new ArrayList<>();
            try (Listing listing = client.list("lake", false)) {
                while (listing.hasNext()) {
                    ListEntry entry = listing.next();
                    listed.add(entry.path());
                }
            }

            assertThat(listed).containsExactlyInAnyOrder("lake/one", "lake/two");
            assertThat(client.status()).contains("\"uptimeMs\"");
        }
    }

    @Test
    void shouldServeRepeatReadsWithoutAskingTheNode() {
        try (TiercelClient client = connect(Mode.MAPPED)) {
            Key key = Key.of("hot");
            client.put(key, ByteBuffer.wrap(randomBytes(64)), PutOptions.DEFAULTS);
            readOnce(client, key);
            long hits = node.commands().status().join().mapped().hits() + node.commands().status().join().heap().hits();

            for (int i = 0; i < 1000; i++) {
                readOnce(client, key);
            }

            assertThat(node.commands().status().join().mapped().hits() + node.commands().status().join().heap().hits())
                    .isEqualTo(hits);
        }
    }

    @Test
    void shouldShowEveryClientTheValueThatWasAcknowledgedLast() {
        try (TiercelClient writer = connect(Mode.UDP); TiercelClient reader = connect(Mode.MAPPED)) {
            Key key = Key.of("shared");
            for (int i = 0; i < 200; i++) {
                writer.put(key, ByteBuffer.wrap(("value " + i).getBytes(StandardCharsets.UTF_8)), PutOptions.DEFAULTS);
                assertThat(textOf(reader, key)).isEqualTo("value " + i);
                assertThat(textOf(reader, key)).isEqualTo("value " + i);
            }
            writer.invalidate(key);
            assertThat(reader.get(key)).isNull();
        }
    }

    @Test
    void shouldKeepLeaseReadableWhileItsFrameIsReplacedAndSpaceIsReused() {
        try (TiercelClient client = connect(Mode.MAPPED)) {
            byte[] first = randomBytes(100_000);
            Key key = Key.of("leased");
            client.put(key, ByteBuffer.wrap(first), PutOptions.DEFAULTS);
            try (Frame held = client.get(key)) {
                assertThat(held).isNotNull();
                byte[] filler = randomBytes(4 << 20);
                for (int i = 0; i < 120; i++) {
                    client.put(Key.of("filler/" + i), ByteBuffer.wrap(filler), PutOptions.DEFAULTS);
                }

                assertThat(bytesOf(held)).isEqualTo(first);
            }
        }
    }

    @Test
    void shouldKeepWhatWasAcknowledgedOverCleanRestart() {
        byte[] bytes = randomBytes(10_000);
        try (TiercelClient client = connect(Mode.IPC)) {
            client.put(Key.of("kept"), ByteBuffer.wrap(bytes), PutOptions.DEFAULTS);
            client.put(Key.of("gone/a"), ByteBuffer.wrap(bytes), PutOptions.DEFAULTS);
            client.invalidatePrefix(Key.of("gone"));
        }
        node.close();

        node = TiercelNode.launch(settings(temp.resolve("node")));

        try (TiercelClient client = connect(Mode.MAPPED)) {
            try (Frame frame = client.get(Key.of("kept"))) {
                assertThat(frame).isNotNull();
                assertThat(bytesOf(frame)).isEqualTo(bytes);
                assertThat(frame.served()).isEqualTo(Served.MAPPED);
            }
            assertThat(client.get(Key.of("gone/a"))).isNull();
        }
    }

    @Test
    void shouldFindRestartedNodeAgain() {
        try (TiercelClient client = connect(Mode.MAPPED)) {
            client.put(Key.of("kept"), ByteBuffer.wrap(new byte[]{7}), PutOptions.DEFAULTS);
            node.close();
            assertThatThrownBy(() -> client.get(Key.of("kept"))).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));

            node = TiercelNode.launch(settings(temp.resolve("node")));

            readOnce(client, Key.of("kept"));
        }
    }

    @Test
    void shouldRefuseSecondNodeOnDirectory() {
        assertThatThrownBy(() -> TiercelNode.launch(settings(temp.resolve("node"))))
                .isInstanceOfSatisfying(TiercelException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
                    assertThat(e).hasMessageContaining("pid");
                });
    }

    @Test
    void shouldRefuseUnreadableMountAndLeaveDirectoryFree() {
        NodeSettings unreadable = new NodeSettings.Context().dir(temp.resolve("other")).mappedCapacity(64L << 20)
                .udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("lake", temp.resolve("missing").toUri()).conclude();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> TiercelNode.launch(unreadable)).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
        }
    }

    @Test
    void shouldRefuseTakenUdpPort() {
        NodeSettings taken = new NodeSettings.Context().dir(temp.resolve("other")).mappedCapacity(64L << 20)
                .udpEndpoint(node.udpEndpoint()).httpEndpoint(NodeSettings.OFF).conclude();

        assertThatThrownBy(() -> TiercelNode.launch(taken)).isInstanceOfSatisfying(TiercelException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
            assertThat(e).hasMessageContaining(node.udpEndpoint());
        });
    }

    @Test
    void shouldRefuseOversizedFrame() {
        try (TiercelClient client = connect(Mode.UDP)) {
            int length = (int) node.settings().maxFrame() + 1;

            assertThatThrownBy(() -> client.put(Key.of("huge"), ByteBuffer.allocateDirect(length), PutOptions.DEFAULTS))
                    .isInstanceOfSatisfying(TiercelException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
    }

    /** A file that changed in the last seconds is read anew every time: waits until that is over. */
    private static void awaitCached(TiercelClient client, Key key) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Frame frame = client.get(key)) {
                return frame != null && (frame.served() == Served.MAPPED || frame.served() == Served.HEAP);
            }
        });
    }

    private static void readOnce(TiercelClient client, Key key) {
        try (Frame frame = client.get(key)) {
            assertThat(frame).isNotNull();
        }
    }

    private static String textOf(TiercelClient client, Key key) {
        try (Frame frame = client.get(key)) {
            assertThat(frame).isNotNull();
            return new String(bytesOf(frame), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytesOf(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return bytes;
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
