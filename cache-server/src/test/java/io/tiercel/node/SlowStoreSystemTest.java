package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole node before stores that answer in 50 ms, or not for now. What is asserted are requests, not times. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SlowStoreSystemTest {
    private static final Logger LOG = LoggerFactory.getLogger(SlowStoreSystemTest.class);
    private static final long TIMEOUT_MS = TimeUnit.MINUTES.toMillis(5);
    private static final long DELAY_MS = 50;
    private static final int PERMITS = 64;
    private static final int HANGING_PERMITS = 16;
    private static final int HITS = 20_000;
    private static final int ROUNDS = Boolean.getBoolean("tiercel.full") ? 25 : 3;

    @TempDir
    Path temp;

    private final String name = UUID.randomUUID().toString();
    private final SlowStore slow = new SlowStore(DELAY_MS);
    private final SlowStore other = new SlowStore(0);
    private TiercelNode node;

    @BeforeEach
    void launch() {
        long maxObject = 1 << 20;
        MountPolicy policy = MountPolicy.of(maxObject).with(Freshness.USUAL.withNegativeTtl(0));
        URI slowUri = ModelStoreProvider.register("slow-" + name, slow);
        URI otherUri = ModelStoreProvider.register("other-" + name, other);
        node = TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(256L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint("127.0.0.1:0").loadPermits(4
                        * PERMITS).loadQueue(1 << 14)
                .loadDeadlineMs(TIMEOUT_MS).drainDeadlineMs(1_000)
                .mount(new MountSettings("slow", slowUri, policy.with(Protection.USUAL.withTimeout(TIMEOUT_MS)), false))
                .mount(new MountSettings("other", otherUri, policy.with(Protection.USUAL.withTimeout(TIMEOUT_MS)
                        .withPermits(HANGING_PERMITS)), false)).conclude());
    }

    @AfterEach
    void close() {
        node.close();
        ModelStoreProvider.forget("slow-" + name);
        ModelStoreProvider.forget("other-" + name);
    }

    @Test
    void shouldAskOnceForAKeyThatAHundredClientsMiss() throws Exception {
        int rounds = 10;
        // A selector for each of a hundred would be what is measured.
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<ModelClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(i < 4
                    ? ModelClient.ofLibrary(node, i % 2 == 0)
                    : new ModelClient.OverHttp(node::httpEndpoint, http));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            for (int i = 0; i < rounds; i++) {
                slow.put("one" + i, "value");
                // The first round is slower, since all connect in it; what a hit takes is the clients' own share.
                long missNs = readTogetherNs(clients, threads, "slow/one" + i);
                long hitNs = readTogetherNs(clients, threads, "slow/one" + i);
                LOG.info("100 clients read one key: missMs={} hitMs={}", TimeUnit.NANOSECONDS.toMillis(missNs),
                        TimeUnit.NANOSECONDS.toMillis(hitNs));
            }
        } finally {
            clients.forEach(ModelClient::close);
        }

        assertThat(slow.opens).hasValue(rounds);
    }

    private static long readTogetherNs(List<ModelClient> clients, ExecutorService threads, String key)
            throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<byte[]>> reads = new ArrayList<>();
        for (ModelClient client : clients) {
            reads.add(threads.submit(() -> {
                start.await();
                return client.read(key);
            }));
        }
        long beginNs = System.nanoTime();
        start.countDown();
        for (Future<byte[]> read : reads) {
            assertThat(read.get()).isEqualTo("value".getBytes(StandardCharsets.UTF_8));
        }
        return System.nanoTime() - beginNs;
    }

    @Test
    void shouldLoadManyKeysWithAllPermitsAndNoMore() {
        int keys = 1_000;
        for (int i = 0; i < keys; i++) {
            slow.put("k" + i, "value " + i);
        }
        long beginNs = System.nanoTime();

        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            reads.add(readAndRelease("slow/k" + i));
        }
        reads.forEach(CompletableFuture::join);

        double idealMs = (double) DELAY_MS * Math.ceilDiv(keys, PERMITS);
        LOG.info("1000 keys at 64 permits: ratioToIdeal={}", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs)
                / idealMs);
        assertThat(slow.opens).hasValue(keys);
        assertThat(slow.mostAtOnce).hasValueLessThanOrEqualTo(PERMITS).hasPositiveValue();
        reads.clear();
        for (int i = 0; i < keys; i++) {
            reads.add(readAndRelease("slow/k" + i));
        }
        reads.forEach(CompletableFuture::join);
        assertThat(slow.opens).hasValue(keys);
    }

    @Test
    void shouldLoadFromOneMountWhileAnotherHangs() {
        CountDownLatch gate = new CountDownLatch(1);
        other.gate = gate;
        List<CompletableFuture<Void>> stuck = new ArrayList<>();
        for (int i = 0; i < 2 * PERMITS; i++) {
            other.put("h" + i, "value");
            slow.put("k" + i, "value");
            stuck.add(readAndRelease("other/h" + i));
        }
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> other.opens
                .get() == HANGING_PERMITS);

        for (int i = 0; i < 2 * PERMITS; i++) {
            readAndRelease("slow/k" + i).join();
        }

        assertThat(stuck).noneMatch(CompletableFuture::isDone);
        assertThat(other.opens).hasValue(HANGING_PERMITS);
        gate.countDown();
        stuck.forEach(CompletableFuture::join);
        assertThat(other.opens).hasValue(2 * PERMITS);
    }

    @Test
    void shouldServeHitsWhileAnotherMountHangs() {
        slow.put("hot", "value");
        try (ModelClient mapped = ModelClient.ofLibrary(node, false);
                ModelClient streamed = ModelClient.ofLibrary(node, true)) {
            for (ModelClient client : List.of(mapped, streamed)) {
                hitsP99Ns(client);
                long[] quietNs = new long[ROUNDS];
                long[] hangingNs = new long[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    quietNs[round] = hitsP99Ns(client);
                    hangingNs[round] = hitsP99NsWhileOtherHangs(client);
                }
                LOG.info("hits while another store hangs: mapped={} p99Ns={} quietP99Ns={}, medians of {}", client
                        .equals(
                                mapped), median(hangingNs), median(quietNs), ROUNDS);
            }
        }
        assertThat(slow.opens).hasValue(1);
    }

    private long hitsP99NsWhileOtherHangs(ModelClient client) {
        CountDownLatch gate = new CountDownLatch(1);
        other.gate = gate;
        List<CompletableFuture<Void>> stuck = new ArrayList<>();
        for (int i = 0; i < 2 * PERMITS; i++) {
            other.put("h" + i, "value");
            stuck.add(readAndRelease("other/h" + i));
        }
        long p99Ns = hitsP99Ns(client);
        assertThat(stuck).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        stuck.forEach(CompletableFuture::join);
        node.commands().invalidatePrefix(Key.of("other")).join();
        return p99Ns;
    }

    private static long hitsP99Ns(ModelClient client) {
        Histogram times = new Histogram(3);
        int right = 0;
        for (int i = 0; i < HITS; i++) {
            long beginNs = System.nanoTime();
            byte[] bytes = client.read("slow/hot");
            times.recordValue(System.nanoTime() - beginNs);
            right += bytes != null && bytes.length == 5 ? 1 : 0;
        }
        assertThat(right).isEqualTo(HITS);
        return times.getValueAtPercentile(99);
    }

    private static long median(long[] values) {
        return LongStream.of(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
    }

    /** As many connections, and one thread that asks on all of them before it reads: the node's time, hardly a client's. */
    @Test
    void shouldAskOnceForAKeyThatAHundredConnectionsMiss() throws Exception {
        int rounds = 20;
        int port = URI.create("http://" + node.httpEndpoint()).getPort();
        List<Socket> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                connections.add(socket);
            }
            for (int i = 0; i < rounds; i++) {
                slow.put("one" + i, "value");
                long missNs = askTogetherNs(connections, "slow/one" + i);
                long hitNs = askTogetherNs(connections, "slow/one" + i);
                LOG.info("100 connections read one key: missMs={} hitMs={}", TimeUnit.NANOSECONDS.toMillis(missNs),
                        TimeUnit.NANOSECONDS.toMillis(hitNs));
            }
        } finally {
            for (Socket socket : connections) {
                socket.close();
            }
        }

        assertThat(slow.opens).hasValue(rounds);
    }

    private static long askTogetherNs(List<Socket> connections, String key) throws IOException {
        byte[] request = ("GET /v1/objects/" + key + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(
                StandardCharsets.US_ASCII);
        byte[] answer = new byte[4096];
        long beginNs = System.nanoTime();
        for (Socket socket : connections) {
            socket.getOutputStream().write(request);
        }
        for (Socket socket : connections) {
            String text = "";
            while (!text.endsWith("\r\n\r\nvalue")) {
                int count = socket.getInputStream().read(answer);
                assertThat(count).as(text).isPositive();
                text += new String(answer, 0, count, StandardCharsets.US_ASCII);
            }
            assertThat(text).startsWith("HTTP/1.1 200");
        }
        return System.nanoTime() - beginNs;
    }

    private CompletableFuture<Void> readAndRelease(String key) {
        return node.commands().read(Key.of(key), TIMEOUT_MS).thenAccept(result -> node.commands().release(result
                .frame()));
    }
}
