package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import io.tiercel.load.Freshness;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import io.tiercel.storage.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand reads that nobody waits for any more, at whatever point: a node holds nothing of them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AbandonedReadsSystemTest {
    private static final int READS = 10_000;
    private static final int KEYS = 200;
    private static final int READS_OF_A_CONNECTION = 20;
    private static final long STORE_DELAY_MS = 2;
    private static final Pattern ACTIVE = Pattern.compile("\"loads\":\\{\"active\":(\\d+)");
    private static final Pattern PINNED = Pattern.compile("\"pinnedBytes\":(\\d+)");

    @TempDir
    Path temp;

    private final String name = UUID.randomUUID().toString();
    private final SlowStore store = new SlowStore(STORE_DELAY_MS);
    private TiercelNode node;
    private TiercelClient client;

    @BeforeEach
    void launch() {
        for (int i = 0; i < KEYS; i++) {
            store.put("k" + i, "value " + i);
        }
        Protection protection = Protection.USUAL.withRetry(RetryPolicy.NONE, 0).withBreaker(Integer.MAX_VALUE, 1, 1);
        MountPolicy policy = MountPolicy.of(1 << 20).with(Freshness.USUAL.withNegativeTtl(0)).with(protection);
        node = TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint("127.0.0.1:0").mount(
                        new MountSettings("slow", ModelStoreProvider.register(name, store), policy, false)).conclude());
        client = connect(false);
        // What is made at the first request is there.
        assertThat(client.exists(Key.of("slow/k0"))).isTrue();
    }

    private TiercelClient connect(boolean isStreamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()).streamed(isStreamed)
                .connectTimeoutNs(TimeUnit.SECONDS.toNanos(60)).requestTimeoutNs(TimeUnit.SECONDS.toNanos(60)));
    }

    @AfterEach
    @SuppressWarnings("NullAway") // nothing comes behind it
    void close() {
        client.close();
        // A closed client's mappings go with it.
        client = null;
        node.close();
        ModelStoreProvider.forget(name);
    }

    @Test
    void shouldHoldNothingOfReadsThatWereCancelledAnywhere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Baseline baseline = new Baseline();

        try (TiercelClient streamed = connect(true); TiercelClient mapped = connect(false)) {
            Deque<CompletableFuture<@Nullable Frame>> underWay = new ArrayDeque<>();
            for (int i = 0; i < READS; i++) {
                TiercelClient reader = random.nextBoolean() ? streamed : mapped;
                CompletableFuture<@Nullable Frame> read = reader.getAsync(Key.of("slow/k" + random.nextInt(KEYS)));
                underWay.add(read);
                for (int spins = random.nextInt(2_000); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                if (random.nextBoolean()) {
                    giveUp(read);
                }
                if (underWay.size() > 64) {
                    giveUp(underWay.remove());
                }
                if (random.nextInt(50) == 0) {
                    client.invalidatePrefix(Key.of("slow"));
                }
            }
            underWay.forEach(AbandonedReadsSystemTest::giveUp);
            baseline.await(seed);
        }

        assertThat(store.opens).as("reads reached the store: seed=%d", seed).hasPositiveValue();
        baseline.awaitThreads(seed);
    }

    /** Cancels it; a frame that is there already is closed. */
    private static void giveUp(CompletableFuture<@Nullable Frame> read) {
        if (!read.cancel(false) && !read.isCompletedExceptionally()) {
            Frame frame = read.join();
            if (frame != null) {
                frame.close();
            }
        }
    }

    @Test
    void shouldHoldNothingOfFailedReadsWhoseClientsAreGone() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        store.isFailing = true;
        Baseline baseline = new Baseline();
        int port = Integer.parseInt(node.httpEndpoint().substring(node.httpEndpoint().lastIndexOf(':') + 1));

        for (int i = 0; i < READS / READS_OF_A_CONNECTION; i++) {
            StringBuilder requests = new StringBuilder();
            for (int j = 0; j < READS_OF_A_CONNECTION; j++) {
                requests.append("GET /v1/objects/slow/k").append(random.nextInt(KEYS)).append(
                        " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
                // Without lingering it goes as a client that died does.
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
                for (int bytes = random.nextInt(3); bytes > 0; bytes--) {
                    assertThat(socket.getInputStream().read()).isNotNegative();
                }
            }
        }

        baseline.await(seed);
        baseline.awaitThreads(seed);
        store.isFailing = false;
        try (Frame frame = client.get(Key.of("slow/none"))) {
            assertThat(frame).isNull();
        }
    }

    /** What this process held before: threads by name, and descriptors. */
    private final class Baseline {
        private final Set<String> threads = threads();
        private final long descriptors = descriptors();

        void await(long seed) {
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                String status = client.status();
                assertThat(numbers(ACTIVE, status)).as("seed=%d", seed).containsOnly(0L);
                assertThat(numbers(PINNED, status)).as("seed=%d", seed).containsOnly(0L);
            });
        }

        void awaitThreads(long seed) {
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(threads()).as("seed=%d", seed).isSubsetOf(threads);
                assertThat(descriptors()).as("seed=%d", seed).isLessThanOrEqualTo(descriptors);
            });
        }

        private List<Long> numbers(Pattern pattern, String status) {
            return pattern.matcher(status).results().map(match -> Long.valueOf(match.group(1))).toList();
        }

        /** The node's own; those of the gateway's pool come and go, and are bounded by it. */
        private Set<String> threads() {
            return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(thread -> thread.startsWith(
                    "tiercel") && !thread.startsWith("tiercel-http")).collect(Collectors.toCollection(TreeSet::new));
        }

        private long descriptors() {
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                return open.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
