package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are large, slow, cut short: bytes stay bounded, and what was taken is given back. */
@Timeout(120)
class BodiesSystemTest {
    private static final int LARGE_LENGTH = 64 * 1024 * 1024;
    private static final int ABORTS = 1000;

    @TempDir
    private Path dir;

    /** Each test starts it with settings of its own. */
    @SuppressWarnings("NullAway.Init")
    private GatewayFixture http;

    @AfterEach
    void stop() {
        http.close();
        assertThat(http.shard.pinCount).hasValue(0);
        assertThat(http.shard.openPutCount).hasValue(0);
        assertThat(http.context.metrics().activeCount()).isZero();
    }

    @Test
    void shouldCarryALargeBodyWithoutAllocatingIt() throws Exception {
        http = new GatewayFixture(dir);
        byte[] body = new byte[LARGE_LENGTH];
        new Random(2).nextBytes(body);
        http.put("/v1/objects/warm", "x");
        http.send("GET", "/v1/objects/warm");
        long directBefore = directBytes();

        long putBytes = allocatedBy(() -> assertThat(
                http.send("PUT", "/v1/objects/large", BodyPublishers.ofByteArray(body)).statusCode()).isEqualTo(201));
        long getBytes = allocatedBy(() -> {
            HttpRequest request = HttpRequest.newBuilder(http.uri("/v1/objects/large")).build();
            HttpResponse<InputStream> response = http.client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                assertThat(Arrays.equals(in.readAllBytes(), body)).isTrue();
            }
        });

        assertThat(putBytes).isLessThan(LARGE_LENGTH / 16);
        assertThat(getBytes).isLessThan(LARGE_LENGTH / 16);
        assertThat(directBytes() - directBefore).isLessThan(LARGE_LENGTH / 4);
    }

    @Test
    void shouldReleaseEveryPinOfAbortedGets() throws Exception {
        http = new GatewayFixture(dir);
        http.shard.store("large", new byte[8 * 1024 * 1024], "", 0);

        for (int i = 0; i < ABORTS; i++) {
            try (RawHttp raw = new RawHttp(http.gateway.port(), 4096)) {
                raw.send("GET /v1/objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
                if (i % 3 > 0) {
                    assertThat(raw.readHead()).startsWith("HTTP/1.1 200");
                }
                if (i % 2 == 0) {
                    raw.reset();
                }
            }
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> http.shard.pinCount.get() == 0);
        assertThat(http.send("HEAD", "/v1/objects/large").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldReleaseAPinThatArrivesAfterItsClientLeft() throws Exception {
        http = new GatewayFixture(dir);
        http.shard.store("k", new byte[1024], "", 0);
        CountDownLatch gate = new CountDownLatch(1);
        http.shard.gate = gate;

        for (int i = 0; i < 20; i++) {
            try (RawHttp raw = new RawHttp(http.gateway.port())) {
                raw.send("GET /v1/objects/k HTTP/1.1\r\nHost: x\r\n\r\n").reset();
            }
        }
        gate.countDown();

        await().atMost(Duration.ofSeconds(20)).until(
                () -> http.context.metrics().activeCount() == 0 && http.shard.pinCount.get() == 0);
    }

    @Test
    void shouldGiveUpOnAShardThatDoesNotAnswerAndTakeItsLateAnswer() throws Exception {
        http = new GatewayFixture(dir, context -> context.requestTimeoutMs(200).idleTimeoutMs(300));
        http.shard.store("k", new byte[1024], "", 0);
        CountDownLatch gate = new CountDownLatch(1);
        http.shard.gate = gate;

        HttpResponse<String> response = http.send("GET", "/v1/objects/k");
        gate.countDown();

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body()).contains("\"code\":\"TIMEOUT\"");
        http.shard.gate = null;
        assertThat(http.send("GET", "/v1/objects/k").statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20)).until(() -> http.shard.pinCount.get() == 0);
    }

    @Test
    void shouldCutAReaderThatStops() throws Exception {
        http = new GatewayFixture(dir, context -> context.idleTimeoutMs(300));
        http.shard.store("large", new byte[32 * 1024 * 1024], "", 0);

        try (RawHttp raw = new RawHttp(http.gateway.port(), 4096)) {
            raw.send("GET /v1/objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200");

            await().atMost(Duration.ofSeconds(20)).until(() -> http.shard.pinCount.get() == 0);
        }
    }

    @Test
    void shouldCutAReaderThatNeverStopsAndHardlyMoves() throws Exception {
        http = new GatewayFixture(dir, context -> context.idleTimeoutMs(1000).minRate(1024L * 1024 * 1024));
        http.shard.store("large", new byte[LARGE_LENGTH], "", 0);
        AtomicLong received = new AtomicLong();

        try (RawHttp raw = new RawHttp(http.gateway.port(), 4096)) {
            raw.send("GET /v1/objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
            InputStream in = raw.socket.getInputStream();

            await().pollInSameThread().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> {
                int length = readOrEnd(in, 128 * 1024);
                received.addAndGet(length);
                return length == 0;
            });
        }

        assertThat(received.get()).isBetween(1L, LARGE_LENGTH - 1L);
    }

    /** Some bytes, 0 when the connection is over. */
    private static int readOrEnd(InputStream in, int length) {
        try {
            return in.readNBytes(length).length;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
            return 0;
        }
    }

    @Test
    void shouldWaitForTheShardLongerThanForASilentClient() throws Exception {
        http = new GatewayFixture(dir, context -> context.idleTimeoutMs(200));
        CountDownLatch gate = new CountDownLatch(1);
        http.shard.gate = gate;

        CompletableFuture<HttpResponse<String>> put = http.client.sendAsync(HttpRequest
                .newBuilder(http.uri("/v1/objects/k")).PUT(BodyPublishers.ofByteArray(new byte[500_000])).build(),
                BodyHandlers.ofString());
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        gate.countDown();

        assertThat(put.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(201);
    }

    @Test
    void shouldChangeNothingWhenABodyEndsEarly() throws Exception {
        http = new GatewayFixture(dir);
        http.shard.store("k", "old".getBytes(StandardCharsets.UTF_8), "", 0);

        for (int i = 0; i < 50; i++) {
            try (RawHttp raw = new RawHttp(http.gateway.port())) {
                raw.send(i % 2 == 0
                        ? "PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "y".repeat(5000)
                        : "PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnew\r\n");
                if (i % 4 < 2) {
                    raw.reset();
                }
            }
        }

        await().atMost(Duration.ofSeconds(20)).until(
                () -> http.context.metrics().activeCount() == 0 && http.shard.openPutCount.get() == 0);
        assertThat(http.shard.bytes("k")).isEqualTo("old".getBytes(StandardCharsets.UTF_8));
        assertThat(dir.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void shouldCutAWriterThatStops() throws Exception {
        http = new GatewayFixture(dir, context -> context.idleTimeoutMs(300));

        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");

            assertThat(raw.readAll()).doesNotContain("HTTP/1.1 2");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> http.shard.openPutCount.get() == 0);
        assertThat(http.shard.bytes("k")).isNull();
    }

    @Test
    void shouldRefuseABodyOfUnknownLengthAsItGrowsTooLarge() throws Exception {
        http = new GatewayFixture(dir, context -> context.maxFrame(100_000));

        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("PUT /v1/objects/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            raw.send("186A0\r\n" + "y".repeat(100_000) + "\r\n");
            raw.send("1\r\ny\r\n");

            assertThat(raw.readHead()).startsWith("HTTP/1.1 413");
        }
        assertThat(http.shard.puts).isEmpty();
        assertThat(http.put("/v1/objects/k", "still here").statusCode()).isEqualTo(201);
    }

    @Test
    void shouldLetRequestsUnderWayEndAndThenLeaveNoThread() throws Exception {
        http = new GatewayFixture(dir, context -> context.drainDeadlineMs(20_000));
        http.shard.store("k", new byte[100], "", 0);
        CountDownLatch gate = new CountDownLatch(1);
        http.shard.gate = gate;

        try (RawHttp raw = new RawHttp(http.gateway.port())) {
            raw.send("GET /v1/objects/k HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> http.context.metrics().activeCount() == 1);
            Thread closer = Thread.ofPlatform().start(http.gateway::close);
            await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
            gate.countDown();

            assertThat(raw.readAll()).startsWith("HTTP/1.1 200").contains("Content-Length: 100");
            closer.join(Duration.ofSeconds(20));
            assertThat(closer.isAlive()).isFalse();
        }
        assertThat(gatewayThreads()).isEmpty();
    }

    @Test
    void shouldCutWhatIsUnderWayAtTheDrainDeadline() throws Exception {
        http = new GatewayFixture(dir, context -> context.drainDeadlineMs(200));
        http.shard.store("large", new byte[32 * 1024 * 1024], "", 0);

        try (RawHttp raw = new RawHttp(http.gateway.port(), 4096)) {
            raw.send("GET /v1/objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200");

            http.gateway.close();

            assertThat(http.shard.pinCount).hasValue(0);
        }
        assertThat(gatewayThreads()).isEmpty();
    }

    @Test
    void shouldStartAndStopOverAndOver() {
        http = new GatewayFixture(dir);
        long before = Thread.getAllStackTraces().size();

        for (int i = 0; i < 20; i++) {
            HttpGateway.start(new HttpGateway.Context().bind("127.0.0.1:0").commands(http.shard)
                    .spoolDir(dir.resolve("spool")).maxFrame(1)).close();
        }

        assertThat((long) Thread.getAllStackTraces().size()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void shouldBoundWhatIsSpooledAtOnce() throws Exception {
        SpoolBudget.prepare(dir);
        http = new GatewayFixture(dir);
        SpoolBudget budget = new SpoolBudget(dir, 10);
        SpoolFile first = budget.open();
        first.append(StandardCharsets.US_ASCII.encode("12345678"));

        try (SpoolFile second = budget.open()) {
            assertThatThrownBy(() -> second.append(StandardCharsets.US_ASCII.encode("123")))
                    .isInstanceOf(TiercelException.class).hasMessageContaining("10 bytes");
            first.close();
            second.append(StandardCharsets.US_ASCII.encode("1234567890"));
            assertThat(second.length()).isEqualTo(10);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Bytes that the gateway's threads allocated meanwhile, on the heap. */
    private static long allocatedBy(Step step) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] before = gatewayThreads().stream().mapToLong(Thread::threadId).toArray();
        long sumBefore = Arrays.stream(threads.getThreadAllocatedBytes(before)).sum();
        step.run();
        long[] after = gatewayThreads().stream().mapToLong(Thread::threadId).toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(after)).sum() - sumBefore;
    }

    private static List<Thread> gatewayThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("tiercel-http"))
                .toList();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(pool -> pool.getMemoryUsed()).sum();
    }
}
