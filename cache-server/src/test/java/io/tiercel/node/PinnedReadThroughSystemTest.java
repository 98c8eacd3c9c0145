package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.Served;
import io.tiercel.client.TiercelClient;
import io.tiercel.shard.NodeStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases hold every segment of a node: puts are refused, reads of the stores go on, over every way to the node. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PinnedReadThroughSystemTest {
    private static final long CAPACITY = 16L << 20;

    @TempDir
    Path temp;

    @Test
    void shouldReadThroughWhileLeasesHoldEverySegment() throws Exception {
        Path lake = Files.createDirectory(temp.resolve("lake"));
        byte[] small = write(lake.resolve("small"), 1_000);
        byte[] large = write(lake.resolve("large"), 3_000_000);
        try (TiercelNode node = launch(lake);
                TiercelClient holder = connect(node, false);
                TiercelClient streamed = connect(node, true);
                TiercelClient udp = TiercelClient.connect(timeouts().udp(node.udpEndpoint()))) {
            List<Frame> leases = holdEverything(holder, streamed);

            for (TiercelClient client : List.of(holder, streamed, udp)) {
                assertReads(client, "lake/small", small);
                assertReads(client, "lake/large", large);
            }
            assertReadsOverHttp(node, "lake/small", small);
            assertReadsOverHttp(node, "lake/large", large);
            assertThat(status(node).loads().passed()).isEqualTo(8);
            assertThat(status(node).loads().failed()).isZero();
            assertThat(status(node).mapped().state()).as("what is wrong is told").isEqualTo("degraded");

            leases.forEach(Frame::close);
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
                try (Frame frame = Objects.requireNonNull(holder.get(Key.of("lake/small")))) {
                    return frame.isMapped();
                }
            });
        }
    }

    private TiercelNode launch(Path lake) {
        return TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(CAPACITY)
                .heapCapacity(0).pinQuota(CAPACITY).profile(Profile.COMPACT).udpEndpoint("127.0.0.1:0")
                .httpEndpoint("127.0.0.1:0").mount("", URI.create("cache:/")).mount("lake", lake.toUri()).conclude());
    }

    /** A file that did not change of late: what is read of it may be kept. */
    private static byte[] write(Path file, int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        return bytes;
    }

    /** Large frames first, then such as fit into what these left. */
    private static List<Frame> holdEverything(TiercelClient holder, TiercelClient writer) {
        List<Frame> leases = new ArrayList<>();
        for (int length : new int[]{100_000, 5_000, 400}) {
            int number = 0;
            while (isPut(writer, length, number)) {
                Frame lease = holder.get(Key.of("held/" + length + '/' + number));
                // Evicted already: then there was a segment left that nobody held.
                if (lease != null) {
                    assertThat(lease.isMapped()).isTrue();
                    leases.add(lease);
                }
                number++;
                assertThat(number).as("puts, and still there is room").isLessThan(5_000);
            }
        }
        return leases;
    }

    private static boolean isPut(TiercelClient writer, int length, int number) {
        try {
            writer.put(Key.of("held/" + length + '/' + number), ByteBuffer.wrap(new byte[length]),
                    PutOptions.DEFAULTS);
            return true;
        } catch (TiercelException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
            return false;
        }
    }

    private static void assertReads(TiercelClient client, String key, byte[] expected) {
        try (Frame frame = Objects.requireNonNull(client.get(Key.of(key)))) {
            byte[] bytes = new byte[(int) frame.length()];
            frame.buffer().getBytes(0, bytes);
            assertThat(bytes).isEqualTo(expected);
            assertThat(frame.served()).isEqualTo(Served.STORE);
            assertThat(frame.isMapped()).isFalse();
        }
    }

    private static void assertReadsOverHttp(TiercelNode node, String key, byte[] expected) throws Exception {
        URI uri = URI.create("http://" + node.httpEndpoint() + "/v1/objects/" + key);
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(expected);
            assertThat(answer.headers().firstValue("Cache-Status").orElse("")).doesNotContain("stored");
        }
    }

    private static TiercelClient connect(TiercelNode node, boolean streamed) {
        return TiercelClient.connect(timeouts().nodeDir(node.dir()).streamed(streamed));
    }

    private static TiercelClient.Context timeouts() {
        return new TiercelClient.Context().connectTimeoutNs(TimeUnit.SECONDS.toNanos(30))
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(30));
    }

    private static NodeStatus status(TiercelNode node) {
        return node.commands().status().join();
    }
}
