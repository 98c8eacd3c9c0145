package io.tiercel.client;

import static io.tiercel.client.StreamedReadSystemTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.wire.codec.CancelEncoder;
import io.tiercel.wire.codec.ListCloseEncoder;
import io.tiercel.wire.codec.ListNextEncoder;
import io.tiercel.wire.codec.PutOpenEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallSystemTest extends NodeTestCase {
    private static final Key KEY = Key.of("a/b");

    @ParameterizedTest
    @EnumSource
    void shouldPutValuesOfAnyLength(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            for (int length : new int[]{0, 1, 60 * 1024, 60 * 1024 + 1, 128 * 1024, 128 * 1024 + 1, 5_000_000}) {
                byte[] payload = bytes(length, length);

                PutResult result = client.put(KEY, new UnsafeBuffer(payload), 0, length, PutOptions.DEFAULTS);

                assertThat(result.etag()).isEqualTo("\"e\"");
                assertThat(result.created()).isEqualTo(length == 0);
                assertThat(node.run(() -> Objects.requireNonNull(node.values.get("a/b")).payload)).isEqualTo(payload);
            }
        }
    }

    @Test
    void shouldPutFromEveryKindOfBuffer() throws Exception {
        byte[] payload = bytes(200_000, 4);
        ByteBuffer direct = ByteBuffer.allocateDirect(200_010).position(5).put(payload).flip().position(5);
        ByteBuffer heap = ByteBuffer.wrap(payload).asReadOnlyBuffer();
        UnsafeBuffer address = new UnsafeBuffer(new UnsafeBuffer(direct).addressOffset() + 5, payload.length);
        try (TiercelClient client = connect()) {
            client.put(Key.of("direct"), direct, PutOptions.DEFAULTS);
            client.put(Key.of("heap"), heap, PutOptions.DEFAULTS);
            client.put(Key.of("address"), address, 0, payload.length, PutOptions.DEFAULTS);

            for (String key : List.of("direct", "heap", "address")) {
                assertThat(node.run(() -> Objects.requireNonNull(node.values.get(key)).payload)).isEqualTo(payload);
            }
            assertThat(direct.remaining()).isEqualTo(payload.length);
        }
    }

    @Test
    void shouldRefuseAPutBeyondTheNodesLimitBeforeSending() throws Exception {
        node.maxFrame = 1_000_000L;
        try (TiercelClient client = connect()) {
            assertThat(client.maxFrame()).isEqualTo(1_000_000L);

            assertCode(() -> client.put(KEY, ByteBuffer.allocate(1_000_001), PutOptions.DEFAULTS), ErrorCode.TOO_LARGE,
                    "length=1000001 maxFrame=1000000");

            assertThat(node.count(PutOpenEncoder.TEMPLATE_ID)).isZero();
            assertThat(client.put(KEY, ByteBuffer.allocate(1_000_000), PutOptions.DEFAULTS).created()).isTrue();
        }
    }

    @Test
    void shouldTellWhatAPathIs() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Stat stat = Objects.requireNonNull(client.stat(KEY));

            assertThat(stat.length()).isEqualTo(100);
            assertThat(stat.kind()).isEqualTo(EntryKind.FILE);
            assertThat(stat.tier()).isEqualTo(Served.MAPPED);
            assertThat(stat.mount()).isEqualTo("m");
            assertThat(client.exists(KEY)).isTrue();
            assertThat(client.exists(Key.of("none"))).isFalse();
            assertThat(client.statAsync(Key.of("none")).get()).isNull();
            assertThat(client.existsAsync(KEY).get()).isTrue();
        }
    }

    @Test
    void shouldDeleteAndInvalidate() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            client.invalidate(KEY);
            client.invalidateAll();
            client.invalidateAsync(KEY).get();
            client.invalidatePrefixAsync(KEY).get();
            client.invalidateAllAsync().get();
            assertThat(node.control.invalidationEpochVolatile()).isEqualTo(5);

            assertThat(client.delete(KEY)).isTrue();
            assertThat(client.delete(KEY)).isFalse();
            assertThat(client.deleteRecursivelyAsync(KEY).get()).isFalse();
            assertThat(client.get(KEY)).isNull();
        }
    }

    @Test
    void shouldListPageAfterPage() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            node.put("l/" + i, bytes(i, i), false);
            expected.add("l/" + i);
        }
        node.put("m", bytes(1, 1), false);
        try (TiercelClient client = connect(); Listing listing = client.list("/l//", true)) {
            assertThat(node.count(ListNextEncoder.TEMPLATE_ID)).as("pages are pulled").isZero();
            List<String> found = new ArrayList<>();
            listing.forEachRemaining(entry -> found.add(entry.path()));

            assertThat(found).isEqualTo(expected);
            assertThat(listing.hasNext()).isFalse();
            assertThat(node.count(ListNextEncoder.TEMPLATE_ID)).isEqualTo(2);
        }
    }

    @Test
    void shouldEndAListingAtTheNodeWhenItIsLeft() throws Exception {
        for (int i = 0; i < 8; i++) {
            node.put("l/" + i, bytes(i, i), false);
        }
        try (TiercelClient client = connect()) {
            try (Listing listing = client.list("", true)) {
                assertThat(listing.next().path()).isEqualTo("l/0");
            }
            ListPage page = client.listAsync("l", true).get();
            assertThat(page.next().get().entries()).hasSize(3);
            assertThatThrownBy(page::next).isInstanceOf(IllegalStateException.class);

            await().untilAsserted(() -> assertThat(node.count(ListCloseEncoder.TEMPLATE_ID)).isEqualTo(1));
        }
    }

    @Test
    void shouldAskForStatusAndPing() throws Exception {
        try (TiercelClient client = connect()) {
            assertThat(client.status()).isEqualTo("{\"node\":\"fake\"}");
            assertThat(client.statusAsync().get()).contains("fake");
            assertThat(client.pingNs()).isBetween(100L, TimeUnit.SECONDS.toNanos(20));
            assertThat(client.pingAsync().get()).isPositive();
            assertThat(client.nodeName()).isEqualTo("fake");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCompleteManyFuturesAtATime(Mode mode) throws Exception {
        node.put("a/b", bytes(3_000, 1), true);
        try (TiercelClient client = connect(mode)) {
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                futures.add(client.getAsync(i % 2 == 0 ? KEY : Key.of("none")).thenApply(frame -> {
                    try (frame) {
                        return frame == null ? 0 : frame.byteBuffer().remaining();
                    }
                }));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(futures.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i % 2 == 0 ? 3_000 : 0);
            }
        }
    }

    @Test
    void shouldCompleteFuturesOnTheThreadThatPolls() throws Exception {
        node.put("a/b", bytes(3_000, 1), true);
        try (TiercelClient client = TiercelClient.connect(context().nodeDir(dir).streamed(true).polled(true))) {
            List<Thread> threads = new ArrayList<>();
            List<CompletableFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                futures.add(client.getAsync(KEY).thenApply(frame -> {
                    threads.add(Thread.currentThread());
                    try (frame) {
                        return frame == null ? 0 : frame.byteBuffer().remaining();
                    }
                }));
            }

            int work = 0;
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!futures.stream().allMatch(CompletableFuture::isDone) && System.nanoTime() - deadlineNs < 0) {
                work += client.poll();
            }

            assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedWithValue(3_000));
            assertThat(threads).hasSize(500).containsOnly(Thread.currentThread());
            assertThat(work).isPositive();
            assertThat(client.poll()).isNotNegative();
        }
    }

    @Test
    void shouldLetACallbackMakeBlockingCalls() throws Exception {
        node.put("a/b", bytes(100, 1), false);
        try (TiercelClient client = connect(Mode.IPC)) {
            String status = client.statAsync(KEY).thenApply(stat -> client.status()).get(20, TimeUnit.SECONDS);

            assertThat(status).contains("fake");
        }
    }

    @Test
    void shouldTellTheNodeOfACancelledGet() throws Exception {
        node.put("a/b", bytes(100, 1), false);
        node.mischief.isMute = true;
        try (TiercelClient client = connect(Mode.IPC)) {
            CompletableFuture<?> future = client.getAsync(KEY);

            future.cancel(false);

            await().untilAsserted(() -> assertThat(node.count(CancelEncoder.TEMPLATE_ID)).isEqualTo(1));
        }
    }

    @Test
    void shouldRefuseCallsBeyondTheBound() throws Exception {
        try (TiercelClient client = TiercelClient.connect(context().nodeDir(dir).maxInFlight(3))) {
            node.mischief.isMute = true;
            List<CompletableFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                futures.add(client.pingAsync());
            }

            assertCode(client::pingNs, ErrorCode.OVERLOADED, "maxInFlight=3");
            assertThatThrownBy(() -> client.pingAsync().get()).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TiercelException.class);
            futures.get(0).cancel(false);
            node.mischief.isMute = false;
            assertThat(client.pingNs()).isPositive();
        }
    }

    @Test
    void shouldServeManyThreads() throws Exception {
        for (int i = 0; i < 10; i++) {
            node.put("k/" + i, bytes(1_000 + i, i), i % 2 == 0);
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try (TiercelClient client = connect()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < 6; thread++) {
                results.add(threads.submit(() -> {
                    int wrong = 0;
                    for (int i = 0; i < 200; i++) {
                        try (Frame frame = Objects.requireNonNull(client.get(Key.of("k/" + i % 10)))) {
                            wrong += java.util.Arrays.equals(copy(frame), bytes(1_000 + i % 10, i % 10)) ? 0 : 1;
                        }
                    }
                    return wrong;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldKeepAnInterruptForTheCaller() throws Exception {
        try (TiercelClient client = connect(Mode.IPC)) {
            Thread.currentThread().interrupt();
            long tookNs = client.pingNs();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(tookNs).isPositive();
        }
    }
}
