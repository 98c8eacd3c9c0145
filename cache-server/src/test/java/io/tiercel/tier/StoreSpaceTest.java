package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSpaceTest {
    @TempDir
    Path temp;

    @Test
    void shouldStayWithinItsCapacityUnderAnyMixOfSizes() throws IOException {
        Path dir = temp.resolve("dir");
        Random random = new Random(3);
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int i = 0; i < 400; i++) {
                int length = switch (random.nextInt(10)) {
                    case 0 -> 1_000_000 + random.nextInt(3_000_000);
                    case 1, 2, 3 -> 100_000 + random.nextInt(300_000);
                    default -> random.nextInt(5000);
                };
                byte[] value = new byte[length];
                random.nextBytes(value);
                String key = "k" + random.nextInt(100);

                assertThat(fixture.put(key, value)).isTrue();

                assertThat(fixture.bytes(key)).isEqualTo(value);
                assertThat(fixture.store.snapshot().mapped().usedBytes()).isLessThanOrEqualTo(16 * StoreFixture.MIB);
                fixture.turn(3);
            }
            assertThat(fixture.store.snapshot().mapped().evictions()).isPositive();
        }
        try (Stream<Path> files = Files.list(dir.resolve("segments"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                    .isLessThanOrEqualTo(16 * StoreFixture.MIB);
        }
    }

    @Test
    void shouldGiveALargeFrameAFileOfItsOwnAndDeleteItAfter() throws IOException {
        Path dir = temp.resolve("dir");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            byte[] value = new byte[(int) fixture.store.maxFrame()];
            new Random(1).nextBytes(value);

            fixture.put("large", value);

            assertThat(Arrays.equals(fixture.bytes("large"), value)).isTrue();
            Path file = dir.resolve("segments/" + fixture.view.slot() + ".seg");
            assertThat(fixture.view.fileLength()).isEqualTo(Files.size(file)).isGreaterThan(value.length);
            fixture.reopen();
            assertThat(Arrays.equals(fixture.bytes("large"), value)).isTrue();

            fixture.put("large", value);
            fixture.put("large2", value);
            fixture.put("large3", value);

            assertThat(Arrays.equals(fixture.bytes("large3"), value)).isTrue();
            assertThat(fixture.store.snapshot().mapped().usedBytes()).isLessThanOrEqualTo(16 * StoreFixture.MIB);
        }
    }

    @Test
    void shouldEvictInsteadOfFailingWhenTheIndexIsFull() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            for (int i = 0; i < 30_000; i++) {
                fixture.put("key" + i, new byte[10]);
                fixture.turn(1);
            }

            TierSnapshot.Mapped mapped = fixture.store.snapshot().mapped();
            assertThat(mapped.entries()).isBetween(1L, StoreSizes.indexCapacity(16 * StoreFixture.MIB));
            assertThat(mapped.evictions()).isPositive();
            assertThat(fixture.get("key29999")).isNotNull();
        }
    }

    @Test
    void shouldReclaimALargeFrameThatWasAborted() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            for (int i = 0; i < 20; i++) {
                fixture.request(fixture.requestFor("k", 7_000_000)).allocated().abort();
            }

            assertThat(fixture.put("after", new byte[7_000_000])).isTrue();
        }
    }

    @Test
    void shouldKeepASegmentThatIsBeingWrittenTo() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            Allocation writing = fixture.allocate("slow", new byte[100_000]);
            for (int i = 0; i < 200; i++) {
                fixture.put("k" + i, new byte[400_000]);
            }
            byte[] value = new byte[100_000];
            new Random(2).nextBytes(value);
            writing.payload().putBytes(0, value);

            assertThat(StoreFixture.publish(writing)).isTrue();

            assertThat(fixture.bytes("slow")).isEqualTo(value);
        }
    }

    @Test
    void shouldRefuseWritesAndGoOnReadingOnAFullDisk() throws IOException {
        try (SmallDisk disk = new SmallDisk()) {
            fullDisk(disk.mount(temp.resolve("mount")));
        }
    }

    private static void fullDisk(Path mount) throws IOException {
        try (StoreFixture fixture = new StoreFixture(mount.resolve("dir"))) {
            for (int i = 0; i < 25; i++) {
                fixture.put("before" + i, new byte[450_000]);
            }
            Path filler = mount.resolve("filler");
            SmallDisk.fillUp(filler);

            List<ErrorCode> refusals = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                StoreFixture.Outcome outcome = fixture.request(fixture.requestFor("k" + i, 450_000));
                if (outcome.code != null) {
                    refusals.add(outcome.code);
                } else {
                    StoreFixture.publish(outcome.allocated());
                }
            }
            StoreFixture.Outcome large = fixture.request(fixture.requestFor("large", 6_000_000));

            assertThat(large.code).as("segments are given up for it: %s", large.message).isNull();
            assertThat(StoreFixture.publish(large.allocated())).isTrue();
            assertThat(fixture.store.snapshot().mapped().entries()).as("no more than is needed is given up")
                    .isGreaterThan(1);
            assertThat(refusals).as("what is there is used again").isEmpty();
            assertThat(fixture.store.invalidatePrefix(Key.of("x"))).as("room was reserved ahead").isPositive();
            assertThat(fixture.put("small", "served")).isTrue();
            assertThat(fixture.get("small")).isEqualTo("served");
            fixture.turn(500);
            assertThat(fixture.bytes("large")).as("an idle node gives nothing up").hasSize(6_000_000);

            Files.delete(filler);
            fixture.turn(1500);
            assertThat(fixture.put("large", new byte[6_000_000])).isTrue();
            assertThat(fixture.bytes("large")).hasSize(6_000_000);
        }
    }
}
