package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose media driver is lost: it ends and says why, and its clients are told. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DriverLossSystemTest {
    private static final Key KEY = Key.of("k");
    private static final int UNAVAILABLE = 5;

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"compact, true", "compact, false"})
    void shouldEndWhenItsDriversFilesAreDeleted(String profile, boolean isWholeFolder)
            throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/bash")), "needs bash, as the launcher does");
        Path dir = temp.resolve("node");
        Distribution distribution = Distribution.in(temp.resolve("distribution"));
        List<String> options = List.of("--mapped", "64MiB", "--profile", profile);
        try (Distribution.Served node = distribution.serve(dir, options, Map.of())) {
            String ready = Objects.requireNonNull(node.firstLine());
            Path folder = Path.of(ready.replaceFirst(".* aeron=", "").replaceFirst(" udp=.*", ""));
            try (TiercelClient client = connect(dir)) {
                client.put(KEY, ByteBuffer.allocate(100), PutOptions.DEFAULTS);

                if (isWholeFolder) {
                    IoUtil.delete(folder.toFile(), false);
                } else {
                    Files.delete(folder.resolve("cnc.dat"));
                }

                assertThat(node.awaitEnd()).isEqualTo(UNAVAILABLE);
                awaitRefusal(client);
            }
            assertThat(folder).doesNotExist();
        }
        assertThat(distribution.log()).containsOnlyOnce("tiercel: the media driver's files were deleted");

        try (Distribution.Served again = distribution.serve(dir, options, Map.of())) {
            assertThat(again.firstLine()).startsWith("ready ");
            try (TiercelClient client = connect(dir)) {
                assertThat(Objects.requireNonNull(client.stat(KEY)).length()).isEqualTo(100);
            }
            assertThat(again.stop()).isZero();
        }
    }

    @Test
    void shouldSayThatItCannotServeWhenTheThreadThatRunsItsDriverEnds() throws InterruptedException {
        try (TiercelNode node = launch(); TiercelClient client = connect(node.dir())) {
            client.put(KEY, ByteBuffer.allocate(100), PutOptions.DEFAULTS);

            threadOfShard().interrupt();

            assertThat(node.awaitFailure()).isInstanceOfSatisfying(TiercelException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
                assertThat(e).hasMessageContaining("nobody is served").hasMessageContaining("start the node again");
            });
            awaitRefusal(client);
        }
    }

    private TiercelNode launch() {
        return TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("", URI.create("cache:/")).conclude());
    }

    private static Thread threadOfShard() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("tiercel-shard"))
                .findFirst().orElseThrow();
    }

    @Test
    void shouldBeToldOfNothingWhenItIsClosed() throws InterruptedException {
        TiercelNode node = launch();

        node.close();

        assertThat(node.awaitFailure()).isNull();
    }

    private static TiercelClient connect(Path dir) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(true)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(5)));
    }

    /** Every call ends, and soon in no other way than by a typed error. */
    private static void awaitRefusal(TiercelClient client) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            try {
                client.stat(KEY);
                return false;
            } catch (TiercelException e) {
                return e.code() == ErrorCode.NODE_UNAVAILABLE || e.code() == ErrorCode.TIMEOUT;
            }
        });
    }
}
