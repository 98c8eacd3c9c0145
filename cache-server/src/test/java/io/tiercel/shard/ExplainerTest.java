package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.load.Mount;
import io.tiercel.load.Sizes;
import io.tiercel.tier.FrameView;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainerTest {
    private static final int TTL_MS = 10_000;

    @TempDir
    private Path folder;
    private final GeneratedStore large = new GeneratedStore();
    @SuppressWarnings("NullAway.Init") // each test opens it first
    private ShardHarness harness;

    @BeforeEach
    void open() {
        Freshness freshness = Freshness.USUAL.withTtl(TTL_MS).withJitter(0).withNegativeTtl(1_000).withStale(1_000,
                5_000);
        harness = new ShardHarness(folder, UnaryOperator.identity(), ShardHarness.POLICY.with(freshness),
                new GatedStore(), List.of(new Mount("large", "memory://large", large, ShardHarness.POLICY.with(
                        new Sizes(1 << 20, 1 << 20, 64 << 10, 64 << 10)))));
        harness.store.put("a", "one");
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private String explain(String key) {
        return harness.shard.explain(Key.of(key));
    }

    private void read(String key) {
        ShardHarness.Answer answer = harness.read(key);
        harness.stepUntil(answer::isDone);
    }

    @Test
    void shouldSayThatTheStoreWouldAnswerAndAskNothing() {
        assertThat(explain("lake/a")).startsWith("{\"key\":\"lake/a\",\"answer\":\"store\",\"why\":"
                + "\"no tier has it: a read loads it\",\"mount\":\"lake\",\"store\":\"memory://lake\","
                + "\"state\":\"up\",\"path\":\"a\",\"loading\":false,\"policy\":{\"readOnly\":false,\"ttlMs\":10000,");
        assertThat(harness.store.opens).hasValue(0);
    }

    @Test
    void shouldSayThatAReadWouldJoin() {
        harness.store.openGate = new CountDownLatch(1);
        ShardHarness.Answer answer = harness.read("lake/a");
        harness.stepUntil(() -> harness.store.opens.get() == 1);

        assertThat(explain("lake/a")).contains("\"answer\":\"store\"", "a read joins that", "\"loading\":true");
        harness.store.openGate.countDown();
        harness.stepUntil(answer::isDone);
    }

    @Test
    void shouldFollowAFrameThroughItsLife() {
        read("lake/a");
        String fresh = explain("lake/a");
        harness.clock.advanceMs(TTL_MS + 1);
        String stale = explain("lake/a");
        harness.clock.advanceMs(1_000);
        String kept = explain("lake/a");
        harness.clock.advanceMs(5_000);
        String gone = explain("lake/a");

        assertThat(fresh).contains("\"answer\":\"mapped\"", "\"length\":3", "\"etag\":\"", "\"expires\":\"2023-");
        assertThat(stale).contains("\"answer\":\"stale\"", "staleWhileRevalidate");
        assertThat(kept).contains("\"answer\":\"store\"", "staleIfError");
        assertThat(gone).contains("\"answer\":\"store\"", "no tier has it");
        assertThat(harness.store.opens).hasValue(1);
    }

    @Test
    void shouldSayWhyNothingAnswers() {
        read("lake/none");

        assertThat(explain("lake/none")).contains("\"answer\":\"nothing\"", "negativeTtl");
        assertThat(explain("cache/none")).contains("\"answer\":\"nothing\"", "its mount has no store",
                "\"path\":null");
        assertThat(explain("elsewhere")).contains("\"answer\":\"nothing\"", "no mount covers it").doesNotContain(
                "policy");
        assertThat(explain("lake")).contains("\"answer\":\"nothing\"", "it is a folder");
    }

    @Test
    void shouldTellOfPages() {
        large.put("k", 300_000, 1);
        Reading reading = Reading.ofOneRead(Key.of("large/k"));
        int[] answers = new int[1];
        harness.shard.readPart(reading, 0, 10, "", harness.clock.nowNs() + 1_000_000_000L, new PartHandler() {
            @Override
            public void onPart(FrameView frame, long position, long total, Served served) {
                answers[0]++;
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                throw new AssertionError(message);
            }
        });
        harness.stepUntil(() -> answers[0] == 1);
        harness.shard.endReading(reading);

        assertThat(explain("large/k")).contains("\"answer\":\"pages\"", "pages of 65536 bytes", "\"length\":300000",
                "\"etag\":\"\\\"v1\\\"\"");
    }
}
