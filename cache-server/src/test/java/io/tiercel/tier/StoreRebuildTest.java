package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store answers after a kill while its index is still being rebuilt. Time is counted in turns. */
class StoreRebuildTest {
    private static final long CAPACITY = 64 * StoreFixture.MIB;
    private static final int FRAMES = 8000;

    @TempDir
    Path temp;

    private Path dir;
    private Path copy;
    private int slice = 64;

    @BeforeEach
    void name() {
        dir = temp.resolve("dir");
        copy = temp.resolve("copy");
    }

    /** A directory of several segments as a kill leaves it; key 0 is the oldest. */
    private void fillAndKill() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir, CAPACITY, 0)) {
            byte[] value = new byte[3000];
            for (int i = 0; i < FRAMES; i++) {
                value[0] = (byte) i;
                fixture.put("k/" + i, value);
                if (i % 1000 == 999) {
                    fixture.clock.advanceMs(1);
                }
            }
            StoreFixture.killedCopy(dir, copy);
        }
    }

    private StoreFixture rebuilding(Path directory) {
        StoreFixture fixture = StoreFixture.unrecovered(
                new StoreContext().dir(directory).mappedCapacity(CAPACITY).heapCapacity(0).rebuildSlice(
                        () -> slice));
        fixture.clock.advanceMs(1000);
        return fixture;
    }

    private static void turnUntil(StoreFixture fixture, BooleanSupplier done) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("done within 60 s").isLessThan(deadlineNs);
            fixture.turn(1);
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldAnswerAHitWhileItStillRebuilds() throws IOException {
        fillAndKill();
        try (StoreFixture fixture = rebuilding(copy)) {
            assertThat(fixture.store.isRebuilding()).isTrue();

            turnUntil(fixture, () -> fixture.bytes("k/" + (FRAMES - 1)) != null);

            assertThat(fixture.store.isRebuilding()).as("the newest segment comes first").isTrue();
            TierSnapshot.Rebuild far = fixture.store.snapshot().rebuild();
            assertThat(far.isRunning()).isTrue();
            assertThat(far.frames()).isBetween(1L, FRAMES - 1L);
            fixture.recover();
            for (int i = 0; i < FRAMES; i++) {
                byte[] value = fixture.bytes("k/" + i);
                assertThat(value).as("k/%d", i).isNotNull().startsWith((byte) i);
            }
            assertThat(fixture.store.snapshot().rebuild().isRunning()).isFalse();
            assertThat(fixture.store.snapshot().mapped().damaged()).isZero();
        }
    }

    @Test
    void shouldApplyABoundedSliceATurn() throws IOException {
        fillAndKill();
        try (StoreFixture fixture = rebuilding(copy)) {
            long before = 0;
            long most = 0;
            while (fixture.store.isRebuilding()) {
                fixture.turn(1);
                long frames = fixture.store.rebuiltFrames();
                most = Math.max(most, frames - before);
                before = frames;
            }

            assertThat(most).as("frames in one turn").isBetween(1L, 64L);
            assertThat(before).isEqualTo(FRAMES);
        }
    }

    @Test
    void shouldKeepAWriteOverAnOlderFrameThatIsFoundLater() throws IOException {
        fillAndKill();
        Path second = temp.resolve("second");
        slice = 0;
        try (StoreFixture fixture = rebuilding(copy)) {
            StoreFixture.publish(fixture.allocate("k/0", new byte[]{'n', 'e', 'w'}));
            assertThat(fixture.store.isRebuilding()).as("nothing is found yet").isTrue();
            assertThat(fixture.get("k/0")).isEqualTo("new");
            StoreFixture.killedCopy(copy, second);

            slice = 64;
            fixture.recover();

            assertThat(fixture.get("k/0")).isEqualTo("new");
            assertThat(fixture.get("k/1")).isNotNull();
        }
        try (StoreFixture fixture = rebuilding(second)) {
            fixture.recover();
            assertThat(fixture.get("k/0")).as("after another kill during the rebuild").isEqualTo("new");
        }
    }

    @Test
    void shouldKeepAnInvalidationOverAFrameThatIsFoundLater() throws IOException {
        fillAndKill();
        Path second = temp.resolve("second");
        slice = 0;
        try (StoreFixture fixture = rebuilding(copy)) {
            fixture.store.invalidate(Key.of("k/0"));
            fixture.store.invalidate(Key.of("k/" + (FRAMES - 1)));
            assertThat(fixture.store.isRebuilding()).isTrue();
            StoreFixture.killedCopy(copy, second);

            slice = 64;
            fixture.recover();

            assertThat(fixture.bytes("k/0")).isNull();
            assertThat(fixture.bytes("k/" + (FRAMES - 1))).isNull();
            assertThat(fixture.bytes("k/1")).isNotNull();
        }
        try (StoreFixture fixture = rebuilding(second)) {
            fixture.recover();
            assertThat(fixture.bytes("k/0")).as("after another kill during the rebuild").isNull();
            assertThat(fixture.bytes("k/1")).isNotNull();
        }
    }

    @Test
    void shouldNotBringAnOlderFrameBackWhenTheOneWrittenMeanwhileExpires() throws IOException {
        fillAndKill();
        Path second = temp.resolve("second");
        slice = 0;
        try (StoreFixture fixture = rebuilding(copy)) {
            FrameRequest request = new FrameRequest(Key.of("k/0"), 3, ContentHash.ETAG_LENGTH, "", 100, 0,
                    fixture.store.epoch());
            StoreFixture.publish(fixture.request(request).allocated());
            fixture.clock.advanceMs(200);
            assertThat(fixture.bytes("k/0")).as("expired").isNull();
            assertThat(fixture.store.isRebuilding()).isTrue();
            StoreFixture.killedCopy(copy, second);

            slice = 64;
            fixture.recover();

            assertThat(fixture.bytes("k/0")).as("superseded").isNull();
        }
        try (StoreFixture fixture = rebuilding(second)) {
            fixture.clock.advanceMs(10_000);
            fixture.recover();
            assertThat(fixture.bytes("k/0")).as("after another kill during the rebuild").isNull();
        }
    }

    @Test
    void shouldReclaimNothingBeforeAllIsFound() throws IOException {
        fillAndKill();
        try (StoreFixture fixture = StoreFixture.unrecovered(
                new StoreContext().dir(copy).mappedCapacity(16 * StoreFixture.MIB).heapCapacity(0))) {
            int segments = fixture.store.snapshot().mapped().segments();

            while (fixture.store.isRebuilding()) {
                assertThat(fixture.store.snapshot().mapped().segments()).isGreaterThanOrEqualTo(segments);
                fixture.turn(1);
            }

            turnUntil(fixture, () -> fixture.store.snapshot().mapped().fileBytes() <= 16 * StoreFixture.MIB);
        }
    }

    @Test
    void shouldRebuildAgainWhenItWasStoppedMeanwhile() throws IOException {
        fillAndKill();
        slice = 1;
        StoreFixture stopped = rebuilding(copy);
        stopped.turn(1);
        assertThat(stopped.store.isRebuilding()).isTrue();
        stopped.close();
        assertThat(copy.resolve("index.clean")).doesNotExist();
        slice = 64;

        try (StoreFixture fixture = rebuilding(copy)) {
            fixture.recover();

            assertThat(fixture.bytes("k/0")).isNotNull();
            assertThat(fixture.bytes("k/" + (FRAMES - 1))).isNotNull();
        }
    }

    @Test
    void shouldKeepARebuiltIndexAcrossACleanStop() throws IOException {
        fillAndKill();
        try (StoreFixture fixture = rebuilding(copy)) {
            fixture.recover();
        }
        try (StoreFixture fixture = rebuilding(copy)) {
            assertThat(fixture.store.isRebuilding()).as("the index is opened").isFalse();
            assertThat(fixture.bytes("k/0")).isNotNull();
            assertThat(fixture.store.snapshot().mapped().entries()).isEqualTo(FRAMES);
        }
    }
}
