package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.agrona.IoUtil;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk and others on the host do to the files of an open store: it serves on what it has. */
class StoreFaultTest {
    private static final int LENGTH = 30_000;
    private static final int KEYS = 40;
    private static final int MANY_KEYS = 700;
    private static final int MOST_APPENDS = 100_000;
    private static final String LONG_NAME = "n".repeat(900);

    @TempDir
    Path temp;

    @AutoClose
    private final SmallDisk disk = new SmallDisk();

    @Test
    void shouldWriteAndReadInReservedSegmentsWhenOthersFillTheDisk() throws IOException {
        Path mount = disk.mount(temp.resolve("mount"));
        try (StoreFixture fixture = new StoreFixture(mount.resolve("dir"))) {
            putAll(fixture, 0, KEYS);
            fixture.turn(50);

            SmallDisk.fillUp(mount.resolve("filler"));
            putAll(fixture, KEYS, 2 * KEYS);

            for (int i = 0; i < 2 * KEYS; i++) {
                assertThat(fixture.bytes("k" + i)).as("k%d", i).isIn(null, value(i));
            }
            assertThat(fixture.bytes("k" + (2 * KEYS - 1))).isEqualTo(value(2 * KEYS - 1));
            assertThat(fixture.store.snapshot().mapped().refused()).isZero();
        }
    }

    @Test
    void shouldRefuseAnInvalidationThatAFullDiskCannotJournal() throws IOException {
        Path mount = disk.mount(temp.resolve("mount"));
        try (StoreFixture fixture = new StoreFixture(mount.resolve("dir"))) {
            fixture.put("served/key", "value");
            SmallDisk.fillUp(mount.resolve("filler"));

            assertInvalidationsEndIn(fixture, ErrorCode.NO_SPACE);

            Files.delete(mount.resolve("filler"));
            assertThat(fixture.store.invalidatePrefix(Key.of("served"))).isPositive();
            assertThat(fixture.get("served/key")).isNull();
        }
    }

    @Test
    void shouldServeOnWhenItsDirectoryIsDeleted() {
        Path dir = temp.resolve("dir");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            putAll(fixture, 0, KEYS);

            // Again while the store is making a file ahead in it.
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
                IoUtil.delete(dir.toFile(), true);
                return Files.notExists(dir);
            });

            assertAllServed(fixture, KEYS);
            assertWritesAreServedOrRefused(fixture);
            fixture.turn(1100);
            assertThat(fixture.store.snapshot().mapped().reason()).contains("no new segment file");
            assertThat(fixture.store.snapshot().mapped().state()).isEqualTo("degraded");
        }
        assertThat(dir.resolve("segments")).doesNotExist();
    }

    @Test
    void shouldServeOnWhenItsDirectoryIsReadOnly() throws IOException {
        Path dir = Files.createDirectories(temp.resolve("dir"));
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("served/key", "value");
            putAll(fixture, 0, KEYS);

            disk.makeReadOnly(dir);

            assertAllServed(fixture, KEYS);
            assertWritesAreServedOrRefused(fixture);
            StoreFixture.Outcome large = fixture.request(fixture.requestFor("large", 1_000_000));
            assertThat(large.code).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(large.message).contains("the disk failed");
            fixture.put("served/key", "value");
            assertInvalidationsEndIn(fixture, ErrorCode.NO_SPACE);
            assertThat(fixture.store.snapshot().mapped().reason()).contains("no new segment file");
        }
    }

    @Test
    void shouldJournalInvalidationsInSpiteOfAnInterrupt() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            fixture.put("served/key", "value");

            Thread.currentThread().interrupt();
            TiercelException refusal = refusalOf(fixture, Key.of("served"));
            assertThat(Thread.interrupted()).as("left for who waits for it").isTrue();

            assertThat(refusal).isNull();
            assertThat(fixture.get("served/key")).isNull();
            fixture.put("served/key", "newer");
            assertThat(fixture.store.invalidateAll()).isPositive();
            assertThat(fixture.get("served/key")).isNull();
        }
    }

    @Test
    void shouldKeepLargeFramesOnADiskThatGivesNoOtherFileForThem() throws IOException {
        Path dir = Files.createDirectories(temp.resolve("dir"));
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int i = 0; i < 5; i++) {
                fixture.put("large" + i, new byte[400_000]);
            }
            putAll(fixture, 0, KEYS);

            disk.makeReadOnly(dir);
            putAll(fixture, 0, 3 * KEYS);
            for (int i = 0; i < 3; i++) {
                assertThat(fixture.request(fixture.requestFor("new", 400_000)).code).isEqualTo(ErrorCode.NO_SPACE);
                fixture.turn(500);
            }

            for (int i = 0; i < 5; i++) {
                assertThat(fixture.bytes("large" + i)).as("large%d", i).hasSize(400_000);
            }
        }
    }

    @Test
    void shouldServeNothingOfAForgedGeneration() throws IOException {
        Path dir = temp.resolve("dir");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            putAll(fixture, 0, KEYS);
        }
        forgeGenerations(dir, Long.MAX_VALUE - 1);
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int i = 0; i < MANY_KEYS; i++) {
                assertThat(fixture.put("k" + i, value(i))).isTrue();
                assertThat(fixture.bytes("k" + i)).isEqualTo(value(i));
                assertThat(fixture.view.generation()).isPositive();
            }
            for (int slot = 0; slot < fixture.store.control().slotCapacity(); slot++) {
                assertThat(fixture.store.control().generationVolatile(slot)).as("slot=%d", slot).isNotNegative();
            }
        }
    }

    private static void forgeGenerations(Path dir, long generation) throws IOException {
        try (ControlFile control = ControlFile.open(dir.resolve("control"), true)) {
            for (int slot = 0; slot < control.slotCapacity(); slot++) {
                control.generationVolatile(slot, generation);
            }
        }
    }

    private static void putAll(StoreFixture fixture, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(fixture.put("k" + i, value(i))).isTrue();
        }
    }

    private static void assertAllServed(StoreFixture fixture, int keys) {
        for (int i = 0; i < keys; i++) {
            assertThat(fixture.bytes("k" + i)).as("k%d", i).isEqualTo(value(i));
        }
    }

    /** Writes more than the capacity; what is published is served, and something is. */
    private static void assertWritesAreServedOrRefused(StoreFixture fixture) {
        int published = 0;
        for (int i = 0; i < MANY_KEYS; i++) {
            StoreFixture.Outcome outcome = fixture.request(fixture.requestFor("w" + i, LENGTH));
            if (outcome.code == null) {
                outcome.allocated().payload().putBytes(0, value(i));
                assertThat(StoreFixture.publish(outcome.allocated())).isTrue();
                assertThat(fixture.bytes("w" + i)).isEqualTo(value(i));
                published++;
            } else {
                assertThat(outcome.code).isEqualTo(ErrorCode.NO_SPACE);
            }
        }
        assertThat(published).as("segments that are there are used again").isPositive();
    }

    /** Uses the journal's reserved room up. The invalidation that is refused then has changed nothing. */
    private static void assertInvalidationsEndIn(StoreFixture fixture, ErrorCode code) {
        long epoch = 0;
        TiercelException refusal = null;
        for (int i = 0; refusal == null && i < MOST_APPENDS; i++) {
            epoch = fixture.store.epoch();
            refusal = refusalOf(fixture, Key.of("other/" + LONG_NAME + i));
        }

        assertThat(refusal).isNotNull().hasFieldOrPropertyWithValue("code", code)
                .hasMessageContaining("nothing changed");
        assertThat(fixture.store.epoch()).isEqualTo(epoch);
        assertThatThrownBy(() -> fixture.store.invalidatePrefix(Key.of("served/" + LONG_NAME)))
                .isInstanceOf(TiercelException.class).hasFieldOrPropertyWithValue("code", code);
        assertThat(fixture.store.epoch()).isEqualTo(epoch);
        assertThat(fixture.get("served/key")).isEqualTo("value");
    }

    private static @Nullable TiercelException refusalOf(StoreFixture fixture, Key prefix) {
        try {
            fixture.store.invalidatePrefix(prefix);
            return null;
        } catch (TiercelException e) {
            return e;
        }
    }

    private static byte[] value(int number) {
        byte[] value = new byte[LENGTH];
        new Random(number).nextBytes(value);
        return value;
    }
}
