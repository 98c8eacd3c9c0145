package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.shard.ShardHarness.Answer;
import io.tiercel.shard.ShardHarness.Done;
import io.tiercel.tier.RebuildFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that come after a kill, before the first turn of the rebuild. */
class RebuildWaitersTest {
    @TempDir
    Path temp;

    private ShardHarness harness;
    private boolean isClosed;

    @BeforeEach
    void kill() throws IOException {
        try (ShardHarness before = new ShardHarness(temp.resolve("dir"))) {
            before.putNow("cache/a", "one");
            before.store.put("b", "lake");
            before.readNow("lake/b");
            copy(temp.resolve("dir"), temp.resolve("copy"));
        }
        harness = new ShardHarness(temp.resolve("copy"));
        assertThat(harness.shard.tiers().isRebuilding()).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }

    private static List<Path> files(Path from) throws IOException {
        while (true) {
            try (Stream<Path> walk = Files.walk(from)) {
                return walk.filter(file -> !file.toString().endsWith("lock") && !file.toString().endsWith(".new"))
                        .toList();
            } catch (UncheckedIOException e) {
                // A segment got its name between the listing and the look at it: once more.
                assertThat(e).hasCauseInstanceOf(NoSuchFileException.class);
            }
        }
    }

    @AfterEach
    void close() {
        if (!isClosed) {
            harness.close();
        }
    }

    @Test
    void shouldHoldAReadUntilItsKeyIsFound() {
        Answer cached = harness.read("cache/a");
        Answer loaded = harness.read("lake/b");
        assertThat(cached.isDone()).isFalse();
        assertThat(loaded.isDone()).isFalse();

        harness.stepUntil(() -> cached.isDone() && loaded.isDone());

        assertThat(cached.value).isEqualTo("one");
        assertThat(loaded.value).isEqualTo("lake");
        assertThat(harness.store.opens).as("found, not loaded again").hasValue(0);
        assertThat(cached.answers + loaded.answers).isEqualTo(2);
    }

    @Test
    void shouldGoOnAsSoonAsItsKeyIsThereWhileTheRebuildGoesOn() {
        harness.close();
        harness = new ShardHarness(temp.resolve("copy"), context -> RebuildFixture.paced(context, () -> 0));
        Answer waiting = harness.read("cache/a");
        assertThat(waiting.isDone()).isFalse();

        harness.putNow("cache/a", "two");
        harness.stepUntil(waiting::isDone);
        Done<PutResult> over = harness.put("cache/a", "three", PutCondition.IF_ABSENT, "");
        harness.stepUntil(over::isDone);

        assertThat(waiting.value).isEqualTo("two");
        assertThat(over.error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(harness.shard.tiers().isRebuilding()).isTrue();
    }

    @Test
    void shouldMissOnlyWhenTheRebuildHasEnded() {
        Answer answer = harness.read("cache/none");
        assertThat(answer.isDone()).isFalse();

        harness.stepUntil(answer::isDone);

        assertThat(answer.error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(harness.shard.tiers().isRebuilding()).isFalse();
        assertThat(harness.shard.waiters().count()).isZero();
    }

    @Test
    void shouldMissWhenItsPatienceEnds() {
        Answer answer = harness.read("cache/a", 100);
        harness.clock.advanceMs(99);
        assertThat(harness.shard.waiters().doWork(harness.clock.nowNs())).isZero();

        harness.clock.advanceMs(1);
        harness.shard.waiters().doWork(harness.clock.nowNs());

        assertThat(answer.error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(harness.shard.tiers().isRebuilding()).isTrue();
    }

    @Test
    void shouldLoadWithHalfOfTheTimeLeft() {
        harness.store.put("b", "newer");
        Answer answer = harness.read("lake/b", 100);

        harness.clock.advanceMs(50);
        harness.shard.waiters().doWork(harness.clock.nowNs());
        harness.stepUntil(answer::isDone);

        assertThat(harness.store.opens).hasValue(1);
        assertThat(answer.value).isEqualTo("newer");
    }

    @Test
    void shouldJudgeAConditionByWhatIsFound() {
        Done<PutResult> over = harness.put("cache/a", "two", PutCondition.IF_ABSENT, "");
        Done<PutResult> fresh = harness.put("cache/new", "two", PutCondition.IF_ABSENT, "");
        assertThat(over.isDone()).isFalse();

        harness.stepUntil(() -> over.isDone() && fresh.isDone());

        assertThat(over.error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(fresh.error).isNull();
        assertThat(harness.readNow("cache/a").value).isEqualTo("one");
    }

    @Test
    void shouldNotJudgeAConditionThatItCannotJudge() {
        Done<PutResult> put = harness.put("cache/a", "two", PutCondition.IF_ABSENT, "");

        harness.clock.advanceMs(ShardHarness.LOAD_DEADLINE_MS);
        harness.shard.waiters().doWork(harness.clock.nowNs());

        assertThat(put.error).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(put.message).contains("not known yet");
    }

    @Test
    void shouldSayOfADeleteAndAStatWhatThereWas() {
        Done<StatResult> stat = new Done<>();
        Done<Boolean> there = new Done<>();
        Done<Boolean> absent = new Done<>();
        harness.shard.stat(Key.of("cache/a"), stat);
        harness.stepUntil(stat::isDone);
        assertThat(stat.error).isNull();

        harness.shard.delete(Key.of("cache/a"), false, there);
        harness.shard.delete(Key.of("cache/none"), false, absent);
        harness.stepUntil(() -> there.isDone() && absent.isDone());

        assertThat(there.result).isTrue();
        assertThat(absent.result).isFalse();
        assertThat(harness.readNow("cache/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldInvalidateWhatIsNotFoundYet() {
        harness.shard.invalidate(Key.of("cache/a"));

        assertThat(harness.shard.tiers().isRebuilding()).isTrue();
        assertThat(harness.readNow("cache/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldTellTheOneTooManyToComeBack() {
        for (int i = 0; i < RebuildWaiters.MOST; i++) {
            harness.read("cache/none" + i);
        }

        Answer refused = harness.read("cache/a");

        assertThat(refused.error).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(harness.shard.waiters().count()).isEqualTo(RebuildWaiters.MOST);
    }

    @Test
    void shouldTellWhoWaitsThatTheNodeStops() {
        Answer answer = harness.read("cache/a");

        harness.close();
        isClosed = true;

        assertThat(answer.error).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
    }
}
