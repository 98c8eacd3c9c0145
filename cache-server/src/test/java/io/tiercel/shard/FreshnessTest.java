package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.shard.ShardHarness.Answer;
import io.tiercel.storage.CacheRules;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {
    private static final int TTL_MS = 10_000;
    private static final Freshness TTL = Freshness.USUAL.withTtl(TTL_MS).withJitter(0).withNegativeTtl(1_000);
    private static final Key KEY = Key.of("lake/a");

    @TempDir
    private Path folder;
    @SuppressWarnings("NullAway.Init") // each test opens it first
    private ShardHarness harness;

    private void open(Freshness freshness) {
        harness = new ShardHarness(folder, UnaryOperator.identity(), ShardHarness.POLICY.with(freshness));
        harness.store.put("a", "one");
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private Answer read() {
        Answer answer = harness.read("lake/a");
        harness.stepUntil(answer::isDone);
        return answer;
    }

    private int opens() {
        return harness.store.opens.get();
    }

    private void awaitLoads() {
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 0);
    }

    private void fail(Kind kind) {
        harness.store.failure = StorageException.of(kind).build();
    }

    @Test
    void shouldRememberWhatWasNotThereForItsTime() {
        open(TTL);

        Answer first = harness.read("lake/none");
        harness.stepUntil(first::isDone);
        Answer second = harness.read("lake/none");
        boolean isAnsweredAtOnce = second.isDone();
        harness.store.put("none", "now");
        harness.clock.advanceMs(999);
        Answer third = harness.read("lake/none");
        harness.clock.advanceMs(1);
        Answer fourth = harness.read("lake/none");
        harness.stepUntil(fourth::isDone);

        assertThat(isAnsweredAtOnce).isTrue();
        assertThat(second.error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(third.error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(fourth.value).isEqualTo("now");
        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldForgetAMissWhenItsKeyOrPrefixIsInvalidatedOrWritten() {
        open(TTL);
        for (int way = 0; way < 3; way++) {
            String name = "none" + way;
            Answer missing = harness.read("lake/" + name);
            harness.stepUntil(missing::isDone);
            harness.store.put(name, "now");
            switch (way) {
                case 0 -> harness.shard.invalidate(Key.of("lake/none0"));
                case 1 -> harness.shard.invalidatePrefix(Key.of("lake"));
                default -> harness.shard.invalidateAll();
            }

            Answer after = harness.read("lake/" + name);
            harness.stepUntil(after::isDone);

            assertThat(after.value).as("way %d", way).isEqualTo("now");
        }
    }

    @Test
    void shouldRememberNoMissThatAnInvalidationOvertook() {
        open(TTL);
        harness.store.openGate = new CountDownLatch(0);
        CountDownLatch gate = new CountDownLatch(1);
        fail(Kind.NOT_FOUND);
        harness.store.openGate = gate;
        Answer before = harness.read("lake/a");
        harness.stepUntil(() -> opens() == 1);

        harness.shard.invalidatePrefix(Key.of("lake"));
        gate.countDown();
        harness.stepUntil(before::isDone);
        harness.store.failure = null;
        Answer after = read();

        assertThat(after.value).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"UNAVAILABLE", "PERMISSION_DENIED", "NOT_YET_AVAILABLE"})
    void shouldRememberNothingButADefiniteMiss(Kind kind) {
        open(TTL);
        fail(kind);
        read();
        harness.store.failure = null;

        assertThat(read().value).isEqualTo("one");
    }

    @Test
    void shouldAskEachTimeWithoutANegativeTtl() {
        open(TTL.withNegativeTtl(0));
        for (int i = 0; i < 3; i++) {
            Answer missing = harness.read("lake/none");
            harness.stepUntil(missing::isDone);
        }

        assertThat(opens()).isEqualTo(3);
    }

    @Test
    void shouldTakeAtMostTheJitterOffATtl() {
        open(TTL.withJitter(0.5));
        Set<Long> ends = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            harness.store.put("k" + i, "value");
            Answer answer = harness.read("lake/k" + i);
            harness.stepUntil(answer::isDone);
            ends.add(harness.expiresAtMs("lake/k" + i) - harness.clock.nowMs());
        }

        assertThat(ends).allSatisfy(end -> assertThat(end).isBetween(TTL_MS / 2L, (long) TTL_MS));
        assertThat(ends).hasSizeGreaterThan(32);
    }

    @Test
    void shouldServeStaleWhileItAsksAnewAndThenWhatIsNew() {
        open(TTL.withStale(5_000, 0));
        read();
        harness.store.put("a", "two");
        harness.clock.advanceMs(TTL_MS);

        Answer stale = read();
        awaitLoads();
        Answer fresh = read();

        assertThat(stale.value).isEqualTo("one");
        assertThat(stale.served).isEqualTo(Served.STALE);
        assertThat(fresh.value).isEqualTo("two");
        assertThat(fresh.served).isIn(Served.HEAP, Served.MAPPED);
        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldServeNothingStaleBeyondItsTime() {
        open(TTL.withStale(5_000, 0));
        read();
        harness.store.put("a", "two");
        harness.clock.advanceMs(TTL_MS + 5_000);

        assertThat(read().value).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNeverServeStaleWhatWasInvalidated(boolean isByPrefix) {
        open(TTL.withStale(60_000, 60_000));
        read();
        harness.clock.advanceMs(TTL_MS);
        harness.store.put("a", "two");
        if (isByPrefix) {
            harness.shard.invalidatePrefix(Key.of("lake"));
        } else {
            harness.shard.invalidate(KEY);
        }
        fail(Kind.UNAVAILABLE);

        Answer answer = read();

        assertThat(answer.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void shouldServeStaleInsteadOfAnErrorForItsTime() {
        open(TTL.withStale(0, 5_000));
        read();
        harness.clock.advanceMs(TTL_MS);
        fail(Kind.UNAVAILABLE);

        Answer stale = read();
        harness.clock.advanceMs(5_000);
        Answer late = read();

        assertThat(stale.value).isEqualTo("one");
        assertThat(stale.served).isEqualTo(Served.STALE);
        assertThat(late.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void shouldNotServeStaleWhereTheStoreSaysNo() {
        open(TTL.withStale(0, 5_000));
        read();
        harness.clock.advanceMs(TTL_MS);
        fail(Kind.PERMISSION_DENIED);

        assertThat(read().error).isEqualTo(ErrorCode.STORE_REFUSED);
        fail(Kind.NOT_FOUND);
        assertThat(read().error).isEqualTo(ErrorCode.NOT_FOUND);
        fail(Kind.UNAVAILABLE);
        harness.clock.advanceMs(1_000);
        assertThat(read().error).as("gone from the store, so nothing stale is left").isEqualTo(
                ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void shouldReadNoBodyOfWhatHasNotChanged() {
        open(TTL.withStale(0, 5_000));
        read();
        long bytes = harness.store.bytesRead.get();
        harness.clock.advanceMs(TTL_MS);

        Answer revalidated = read();
        Answer hit = read();
        harness.clock.advanceMs(TTL_MS - 1);
        Answer stillHit = read();
        harness.clock.advanceMs(1);
        Answer again = read();

        assertThat(revalidated.served).isEqualTo(Served.REVALIDATED);
        assertThat(hit.value).isEqualTo("one");
        assertThat(hit.served).isIn(Served.HEAP, Served.MAPPED);
        assertThat(stillHit.served).isIn(Served.HEAP, Served.MAPPED);
        assertThat(again.served).isEqualTo(Served.REVALIDATED);
        assertThat(opens()).isEqualTo(3);
        assertThat(harness.store.bytesRead.get()).isEqualTo(bytes);
        harness.stepUntil(() -> harness.store.closedReads.get() == 3);
    }

    @Test
    void shouldLoadWhatHasChanged() {
        open(TTL.withStale(0, 5_000));
        read();
        harness.clock.advanceMs(TTL_MS);
        harness.store.put("a", "two");

        Answer answer = read();

        assertThat(answer.value).isEqualTo("two");
        assertThat(answer.served).isEqualTo(Served.LOADED);
    }

    @Test
    void shouldNotRenewWhatAnInvalidationOvertook() {
        open(TTL.withStale(0, 60_000));
        read();
        harness.clock.advanceMs(TTL_MS);
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;
        Answer waiting = harness.read("lake/a");
        harness.stepUntil(() -> opens() == 2);

        harness.store.put("a", "two");
        harness.shard.invalidate(KEY);
        harness.store.openGate = null;
        gate.countDown();
        harness.stepUntil(waiting::isDone);

        assertThat(waiting.value).isEqualTo("two");
        assertThat(read().value).isEqualTo("two");
    }

    @Test
    void shouldAskAheadOfTheEndOfWhatIsRead() {
        open(TTL.withRefreshAhead(2_000));
        read();
        harness.store.put("a", "two");
        harness.clock.advanceMs(TTL_MS - 2_000);
        read();
        awaitLoads();
        assertThat(opens()).as("not yet near its end").isEqualTo(1);
        harness.clock.advanceMs(1);

        Answer hit = read();
        awaitLoads();
        harness.clock.advanceMs(1_999);
        Answer later = read();

        assertThat(hit.value).isEqualTo("one");
        assertThat(later.value).isEqualTo("two");
        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldBeginASlidingLifeAnewAtEachRead() {
        open(TTL.sliding());
        read();
        for (int i = 0; i < 5; i++) {
            harness.clock.advanceMs(TTL_MS - 1_000);
            assertThat(read().value).isEqualTo("one");
        }
        assertThat(opens()).isEqualTo(1);
        harness.clock.advanceMs(TTL_MS);

        read();

        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldHeedTheStoresWord() {
        open(TTL);
        harness.store.rules = new CacheRules(2_000, true);
        read();
        harness.clock.advanceMs(1_999);
        read();
        assertThat(opens()).isEqualTo(1);
        harness.clock.advanceMs(1);

        read();

        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldKeepNothingThatTheStoreLetsNobodyKeep() {
        open(TTL);
        harness.store.rules = new CacheRules(CacheRules.UNKNOWN_AGE, false);

        Answer first = read();
        Answer second = read();

        assertThat(first.value).isEqualTo("one");
        assertThat(first.served).isEqualTo(Served.STORE);
        assertThat(second.served).isEqualTo(Served.STORE);
        assertThat(opens()).isEqualTo(2);
    }

    @Test
    void shouldNotHeedTheStoresWordWhereToldNotTo() {
        open(new Freshness(TTL_MS, 0, 0, 0, 0, 0, false, false));
        harness.store.rules = new CacheRules(0, false);

        read();
        read();

        assertThat(opens()).isEqualTo(1);
    }

    @Test
    void shouldGiveMemoryOfStaleFramesBackAfterTheirTime() {
        open(TTL.withStale(5_000, 0));
        read();
        long entries = harness.shard.tierSnapshot().mapped().entries();
        harness.clock.advanceMs(TTL_MS + 4_000);
        for (int i = 0; i < 10; i++) {
            harness.clock.advanceMs(10);
            harness.step();
        }
        assertThat(harness.shard.tierSnapshot().mapped().entries()).isEqualTo(entries);

        harness.clock.advanceMs(5_000);
        harness.stepUntil(() -> {
            harness.clock.advanceMs(10);
            return harness.shard.tierSnapshot().mapped().entries() == entries - 1;
        });

        assertThat(opens()).isEqualTo(1);
    }
}
