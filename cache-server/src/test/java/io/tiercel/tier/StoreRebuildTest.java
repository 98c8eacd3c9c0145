package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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

    /** No checksum covers the state: what was overwritten or dropped must not come back by a bit that flips. */
    @Test
    void shouldNotBringBackWhatDiedWhereABitOfItsStateFlips() throws IOException {
        int slot;
        List<Integer> dead = new ArrayList<>();
        try (StoreFixture fixture = new StoreFixture(dir, CAPACITY, 0)) {
            fixture.put("over", "old");
            fixture.put("gone", "old");
            fixture.put("other", "value");
            fixture.get("over");
            slot = fixture.view.slot();
            dead.add(fixture.view.frameOffset());
            fixture.get("gone");
            dead.add(fixture.view.frameOffset());
            fixture.put("over", "new");
            fixture.store.invalidate(Key.of("gone"));
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                StoreFixture.killedCopy(dir, copy.resolve("" + bit));
            }
        }
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            Path flipped = copy.resolve("" + bit);
            for (int offset : dead) {
                flip(flipped.resolve("segments/" + slot + ".seg"), offset + bit / Byte.SIZE, bit % Byte.SIZE);
            }
            try (StoreFixture fixture = new StoreFixture(flipped, CAPACITY, 0)) {
                assertThat(fixture.get("over")).as("bit %d", bit).isEqualTo("new");
                assertThat(fixture.get("gone")).as("bit %d", bit).isNull();
                assertThat(fixture.get("other")).as("behind them, bit %d", bit).isEqualTo("value");
                assertThat(fixture.store.snapshot().mapped().damaged()).as("bit %d", bit).isEqualTo(2);
            }
        }
    }

    private static void flip(Path file, long offset, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(one.put(0, (byte) (one.get(0) ^ 1 << bit)).clear(), offset);
        }
    }

    @Test
    void shouldDropAKeyAloneAndNotWhatLiesUnderIt() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir, CAPACITY, 0)) {
            fixture.put("a", "one");
            fixture.put("a/below", "two");
            StoreFixture.killedCopy(dir, copy);
        }
        slice = 0;
        Path second = temp.resolve("second");
        try (StoreFixture fixture = rebuilding(copy)) {
            fixture.store.invalidate(Key.of("a"));
            StoreFixture.killedCopy(copy, second);
            slice = 64;
            fixture.recover();
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.get("a/below")).isEqualTo("two");
        }
        try (StoreFixture fixture = new StoreFixture(second, CAPACITY, 0)) {
            assertThat(fixture.get("a")).as("after another kill").isNull();
            assertThat(fixture.get("a/below")).as("after another kill").isEqualTo("two");
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
