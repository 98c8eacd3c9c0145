package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Mount;
import io.tiercel.load.MountPolicy;
import io.tiercel.shard.ShardHarness.Answer;
import io.tiercel.shard.ShardHarness.Done;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Pinned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With every segment pinned reads go on from the store: nothing is kept, and what it takes is bounded. */
class PassThroughTest {
    private static final String FILLER = "f".repeat(200_000);

    @TempDir
    Path dir;
    private ShardHarness harness;
    private final List<Pinned> pins = new ArrayList<>();

    @BeforeEach
    void open() {
        harness = new ShardHarness(dir);
    }

    @AfterEach
    void close() {
        pins.forEach(harness.shard::unpin);
        harness.close();
    }

    @Test
    void shouldPassOnWhatFindsNoRoom() {
        harness.store.put("a", "value");
        pinAll();

        List<Answer> answers = harness.readTimes("lake/a", 3);
        await(() -> answers.stream().allMatch(Answer::isDone));

        assertThat(answers).extracting(answer -> answer.value).containsOnly("value");
        assertThat(answers).extracting(answer -> answer.served).containsOnly(Served.STORE);
        assertThat(harness.store.opens).as("one load for all").hasValue(1);
        assertThat(harness.shard.loadCounts().passed()).isOne();
        assertThat(harness.shard.loadCounts().active()).isZero();
        assertThat(harness.shard.loads().passingBytes()).as("heap still held").isZero();
    }

    @Test
    void shouldKeepAgainWhenThereIsRoom() {
        harness.store.put("a", "value");
        pinAll();
        await(harness.read("lake/a")::isDone);
        pins.forEach(harness.shard::unpin);
        pins.clear();

        // Segments are given up one by one, and time that moves by hand may run out before: then it is passed on again.
        Answer[] later = {harness.read("lake/a")};
        await(() -> {
            boolean isKept = later[0].served == Served.LOADED;
            if (later[0].isDone() && !isKept) {
                later[0] = harness.read("lake/a");
            }
            return isKept;
        });

        assertThat(later[0].value).isEqualTo("value");
        assertThat(harness.readNow("lake/a").served).isIn(Served.HEAP, Served.MAPPED);
    }

    @Test
    void shouldPassOnNothingThatWasInvalidatedMeanwhile() {
        harness.store.put("a", "old");
        pinAll();
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.readGate = gate;
        Answer answer = harness.read("lake/a");
        await(() -> harness.shard.loads().passingBytes() > 0);

        harness.shard.invalidatePrefix(Key.of("lake"));
        harness.store.put("a", "new");
        gate.countDown();
        await(answer::isDone);

        assertThat(answer.value).isEqualTo("new");
        assertThat(harness.shard.loads().passingBytes()).isZero();
    }

    @Test
    void shouldCountItsMemoryUntilTheLastReaderHasLetGo() {
        harness.store.put("a", "value");
        pinAll();
        Pinned[] held = new Pinned[1];
        harness.shard.read(Key.of("lake/a"), Long.MAX_VALUE, new ReadHandler() {
            @Override
            public void onFrame(FrameView frame, Served served) {
                held[0] = harness.shard.pin(frame);
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                throw new AssertionError(message);
            }
        });
        await(() -> held[0] != null);
        await(() -> harness.shard.loadCounts().active() == 0);

        assertThat(harness.shard.loads().passingBytes()).isPositive();
        byte[] bytes = new byte[held[0].payloadLength()];
        held[0].payloadByteBuffer().get(bytes);
        assertThat(bytes).asString().isEqualTo("value");
        assertThat(held[0].hasDescriptor()).as("a mapped client may be told where it lies").isFalse();

        harness.shard.unpin(held[0]);
        harness.shard.unpin(held[0]);

        assertThat(harness.shard.loads().passingBytes()).as("given back once").isZero();
    }

    @Test
    void shouldEndWithTheDeadlineOfTheLoadWhenTheStoreHangs() {
        harness.store.put("a", "value");
        pinAll();
        harness.store.readGate = new CountDownLatch(1);
        Answer answer = harness.read("lake/a");
        await(() -> harness.shard.loads().passingBytes() > 0);

        harness.clock.advanceMs(ShardHarness.LOAD_DEADLINE_MS + 10);
        await(answer::isDone);
        await(() -> harness.shard.loadCounts().active() == 0);

        assertThat(answer.error).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(harness.shard.loads().passingBytes()).isZero();
    }

    @Test
    void shouldGiveMemoryInTurnAndNoMoreThanTheLimit() {
        PassThrough memory = new PassThrough(100);
        List<String> granted = new ArrayList<>();
        Load second = load();
        memory.acquire(load(), 60, () -> granted.add("first"));
        memory.acquire(second, 60, () -> granted.add("second"));
        memory.acquire(load(), 10, () -> granted.add("third"));
        memory.acquire(load(), 90, () -> granted.add("fourth"));

        assertThat(granted).as("the third would fit, and waits its turn").containsExactly("first");
        assertThat(memory.cancel(second)).isTrue();
        assertThat(memory.cancel(second)).isFalse();
        memory.release(60);

        assertThat(granted).containsExactly("first", "third", "fourth");
        assertThat(memory.used()).isEqualTo(100);
    }

    private static Load load() {
        return new Load(Wanted.object(Key.of("k")), new Mount("", "cache:", null, MountPolicy.of(1)), 0, Long.MAX_VALUE,
                false);
    }

    /** Puts and pins, until no segment is left that could be given up. */
    private void pinAll() {
        for (int i = 0; i < 1_000; i++) {
            Done<PutResult> put = harness.put("cache/" + i, FILLER, PutCondition.NONE, "");
            await(put::isDone);
            if (put.error != null) {
                assertThat(put.error).isEqualTo(ErrorCode.NO_SPACE);
                return;
            }
            Key key = Key.of("cache/" + i);
            FrameView found = harness.shard.tryRead(key.buffer(), 0, key.length());
            assertThat(found).as("frame that was just put").isNotNull();
            pins.add(harness.shard.pin(found));
        }
        throw new AssertionError("there is always room");
    }

    /** Time moves only while something waits for room, so that it is what runs out and not the load's deadline. */
    private void await(BooleanSupplier condition) {
        harness.stepUntil(() -> {
            if (harness.shard.tierSnapshot().mapped().pendingAllocations() > 0) {
                harness.clock.advanceMs(1);
            }
            return condition.getAsBoolean();
        });
    }
}
