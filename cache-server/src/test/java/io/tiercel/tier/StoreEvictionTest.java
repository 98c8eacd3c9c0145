package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is given up when room is needed, what is carried over, and what comes back by itself. */
class StoreEvictionTest {
    private static final int LENGTH = 10_000;

    @TempDir
    Path temp;

    @Test
    void shouldKeepAFrameThatIsReadThroughAFloodOfOthers() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            byte[] hot = value(1);
            fixture.put("hot", hot);
            fixture.bytes("hot");

            for (int i = 0; i < 6000; i++) {
                fixture.put("cold" + i, value(i));
                assertThat(fixture.bytes("hot")).as("after %s others", i).isEqualTo(hot);
                fixture.turn(1);
            }

            assertThat(fixture.store.snapshot().mapped().evictions()).isGreaterThan(3000);
        }
    }

    @Test
    void shouldCarryAFrameAsItWas() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            byte[] hot = value(1);
            fixture.put("hot", hot);
            fixture.bytes("hot");
            Pinned before = fixture.store.pin(fixture.view);
            fixture.store.unpin(before);

            flood(fixture, "hot");

            assertThat(fixture.bytes("hot")).isEqualTo(hot);
            Pinned after = fixture.store.pin(fixture.view);
            fixture.store.unpin(after);
            assertThat(after.slot() + "/" + after.generation()).as("its place")
                    .isNotEqualTo(before.slot() + "/" + before.generation());
            assertThat(after.etag()).isEqualTo(before.etag());
            assertThat(after.contentType()).isEqualTo("text/plain");
            assertThat(after.sequence()).isEqualTo(before.sequence());
            assertThat(after.payloadCrc()).isEqualTo(before.payloadCrc());
            assertThat(after.storedAtMs()).isEqualTo(before.storedAtMs());
            assertThat(after.weight()).isEqualTo(before.weight());
        }
    }

    @Test
    void shouldServeACarriedFrameAfterAKill() throws IOException {
        Path copy = temp.resolve("copy");
        byte[] hot = value(1);
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            fixture.put("hot", hot);
            flood(fixture, "hot");
            StoreFixture.killedCopy(temp.resolve("dir"), copy);
        }

        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.bytes("hot")).isEqualTo(hot);
        }
    }

    @Test
    void shouldNotBringBackWhatWasInvalidatedAfterItWasCarried() throws IOException {
        Path copy = temp.resolve("copy");
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            fixture.put("a/hot", value(1));
            fixture.put("b/hot", value(2));
            for (int i = 0; i < 6000; i++) {
                fixture.put("cold" + i, value(i));
                fixture.bytes("a/hot");
                fixture.bytes("b/hot");
                fixture.turn(1);
            }
            fixture.store.invalidate(Key.of("a/hot"));
            fixture.store.invalidatePrefix(Key.of("b"));
            StoreFixture.killedCopy(temp.resolve("dir"), copy);
            assertThat(fixture.bytes("a/hot")).isNull();
            assertThat(fixture.bytes("b/hot")).isNull();
        }

        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.bytes("a/hot")).isNull();
            assertThat(fixture.bytes("b/hot")).isNull();
        }
    }

    @Test
    void shouldKnowWhatToKeepAfterACleanStop() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            for (int i = 0; i < 500; i++) {
                fixture.put("key" + i, value(i));
            }
            long kept = fixture.store.snapshot().mapped().keptBytes();
            assertThat(kept).isGreaterThan(500 * LENGTH);

            fixture.reopen();
            fixture.turn(1_000);

            assertThat(fixture.store.snapshot().mapped().keptBytes()).isEqualTo(kept);
        }
    }

    @Test
    void shouldGiveAPlaceThatHoldsWithAHitOnTheHeap() {
        StoreFixture fixture = new StoreFixture(temp.resolve("dir"), 16 * StoreFixture.MIB, StoreFixture.MIB);
        try (fixture) {
            byte[] hot = value(1);
            fixture.put("hot", hot);
            for (int i = 0; i < 6000; i++) {
                fixture.put("cold" + i, value(i));
                assertThat(fixture.bytes("hot")).isEqualTo(hot);
                fixture.turn(1);

                assertThat(fixture.view.hasDescriptor()).as("after %s others", i).isTrue();
                assertThat(fixture.view.segment()).isNotNull();
                int state = fixture.view.segment().buffer().getIntVolatile(fixture.view.frameOffset());
                assertThat(state).as("state word at the place, after %s others", i)
                        .isEqualTo(io.tiercel.mapped.FrameDescriptor.LIVE);
            }
        }
    }

    @Test
    void shouldWeighWhatTheFilesTake() throws IOException {
        Path dir = temp.resolve("dir");
        Random random = new Random(7);
        StoreFixture fixture = new StoreFixture(dir, 192 * StoreFixture.MIB, 0);
        try (fixture) {
            for (int i = 0; i < 45_000; i++) {
                fixture.put("key" + i, new byte[2000 + random.nextInt(8000)]);
                fixture.turn(1);
            }

            fixture.turn(100);
            long used = fixture.store.snapshot().mapped().usedBytes();
            long onDisk = bytesUnder(dir);
            assertThat((double) used / onDisk).as("used=%s of onDisk=%s", used, onDisk).isBetween(0.95, 1.05);
        }
    }

    @Test
    void shouldGiveTheMemoryOfExpiredFramesBackWithNobodyReadingThem() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            for (int i = 0; i < 600; i++) {
                publishWithTtl(fixture, "short" + i, 5_000);
            }
            fixture.put("stays", value(1));
            long before = fixture.store.snapshot().mapped().fileBytes();

            fixture.turn(9_000);

            TierSnapshot.Mapped mapped = fixture.store.snapshot().mapped();
            assertThat(mapped.entries()).isEqualTo(1);
            assertThat(mapped.usedBytes()).isLessThan(2 * LENGTH);
            assertThat(mapped.fileBytes()).isLessThan(before / 3);
            assertThat(fixture.bytes("stays")).isEqualTo(value(1));
        }
    }

    @Test
    void shouldGiveTheMemoryOfOverwrittenFramesBack() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            for (int i = 0; i < 1000; i++) {
                fixture.put("stays" + i % 100, value(i));
            }

            fixture.turn(2_000);

            TierSnapshot.Mapped mapped = fixture.store.snapshot().mapped();
            assertThat(mapped.entries()).isEqualTo(100);
            assertThat(mapped.evictions()).isZero();
            assertThat(mapped.usedBytes()).isLessThan(2 * 100 * LENGTH);
        }
    }

    @Test
    void shouldShrinkAndGrowWhileItServes() throws IOException {
        Path dir = temp.resolve("dir");
        StoreFixture fixture = new StoreFixture(dir, 32 * StoreFixture.MIB, 0);
        try (fixture) {
            for (int i = 0; i < 4000; i++) {
                fixture.put("key" + i, value(i));
                fixture.bytes("key0");
                fixture.turn(1);
            }
            assertThat(fixture.store.snapshot().mapped().fileBytes()).isGreaterThan(24 * StoreFixture.MIB);

            fixture.store.mappedCapacity(16 * StoreFixture.MIB);
            fixture.turn(3_000);

            assertThat(fixture.store.snapshot().mapped().fileBytes()).isLessThanOrEqualTo(16 * StoreFixture.MIB);
            assertThat(fixture.store.snapshot().mapped().capacityBytes()).isEqualTo(16 * StoreFixture.MIB);
            assertThat(fixture.bytes("key0")).isEqualTo(value(0));
            long few = fixture.store.snapshot().mapped().entries();

            fixture.store.mappedCapacity(64 * StoreFixture.MIB);
            for (int i = 0; i < 5000; i++) {
                fixture.put("key" + i, value(i));
                fixture.turn(1);
            }

            assertThat(fixture.store.snapshot().mapped().entries()).isGreaterThan(2 * few);
            assertThat(bytesUnder(dir.resolve("segments"))).isLessThanOrEqualTo(64 * StoreFixture.MIB);
        }
    }

    @Test
    void shouldRefuseACapacityThatCannotBe() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            assertThatThrownBy(() -> fixture.store.mappedCapacity(1 << 20)).hasMessageContaining("1048576");
            assertThatThrownBy(() -> fixture.store.mappedCapacity(1L << 40)).hasMessageContaining("67108864");
            assertThat(fixture.store.mappedCapacity()).isEqualTo(16 * StoreFixture.MIB);
        }
    }

    private static void flood(StoreFixture fixture, String read) {
        Random random = new Random(11);
        for (int i = 0; i < 6000; i++) {
            fixture.put("cold" + i, value(i));
            fixture.bytes(read);
            for (int j = 0; j < 3; j++) { // so that in each segment something is worth keeping
                fixture.bytes("cold" + Math.max(0, i - random.nextInt(1200)));
            }
            fixture.turn(1);
        }
    }

    private static void publishWithTtl(StoreFixture fixture, String key, long ttlMs) {
        Allocation allocation = fixture.request(new FrameRequest(Key.of(key), LENGTH, ContentHash.ETAG_LENGTH,
                "text/plain", ttlMs, 0, fixture.store.epoch())).allocated();
        allocation.payload().putBytes(0, value(3));
        StoreFixture.publish(allocation);
    }

    private static byte[] value(int seed) {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) seed);
        return bytes;
    }

    private static long bytesUnder(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
