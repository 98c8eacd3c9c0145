package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory serves after a kill, taken as a copy of it at that moment, and after hands were laid on it. */
class StoreRecoveryTest {
    @TempDir
    Path temp;

    private Path dir;
    private Path copy;

    @BeforeEach
    void name() {
        dir = temp.resolve("dir");
        copy = temp.resolve("copy");
    }

    @Test
    void shouldGoOnAfterACleanStop() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.put("b", "two");
            fixture.store.invalidate(Key.of("b"));
            fixture.get("a");
            int slot = fixture.view.slot();
            long sequence = fixture.view.sequence();

            fixture.reopen();

            assertThat(fixture.get("a")).isEqualTo("one");
            assertThat(fixture.get("b")).isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).isZero();
            fixture.put("c", "three");
            assertThat(fixture.get("c")).isEqualTo("three");
            assertThat(fixture.view.slot()).as("written on where it left off").isEqualTo(slot);
            assertThat(fixture.view.sequence()).isGreaterThan(sequence);
        }
    }

    @Test
    void shouldServeAfterAKillWhatWasPublished() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.put("a", "two");
            fixture.allocate("torn", new byte[100]);
            fixture.put("b", "three");
            killedCopy();
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isEqualTo("two");
            assertThat(fixture.get("torn")).isNull();
            assertThat(fixture.get("b")).as("behind the torn one").isEqualTo("three");
            assertThat(fixture.store.snapshot().mapped().damaged()).isZero();
            fixture.put("a", "four");
            assertThat(fixture.get("a")).isEqualTo("four");
        }
    }

    @Test
    void shouldNeverResurrectADroppedKey() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.put("a", "two");
            fixture.store.invalidate(Key.of("a"));
            killedCopy();
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldNeverResurrectADroppedPrefix() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a/x", "one");
            fixture.put("b/x", "two");
            fixture.store.invalidatePrefix(Key.of("a"));
            killedCopy();
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a/x")).isNull();
            assertThat(fixture.get("b/x")).isEqualTo("two");
            assertThat(fixture.store.epoch()).isEqualTo(1);

            fixture.put("a/x", "three");
            fixture.reopen();
            assertThat(fixture.get("a/x")).isEqualTo("three");
            assertThat(fixture.get("b/x")).isEqualTo("two");
        }
    }

    @Test
    void shouldNeverResurrectAPrefixAfterACleanStop() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a/x", "one");
            fixture.store.invalidatePrefix(Key.of("a"));

            fixture.reopen();

            assertThat(fixture.get("a/x")).isNull();
        }
    }

    @Test
    void shouldNotServeAgainWhatWasReclaimed() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("old", "evicted");
            byte[] filler = new byte[20_000];
            for (int i = 0; fixture.store.peek(Key.of("old").buffer(), 0, 3, fixture.view); i++) {
                fixture.put("filler" + i % 1200, filler);
                fixture.turn(2);
            }
            for (int i = 0; i < 200; i++) { // where the reclaimed frames lay
                fixture.put("filler" + i, filler);
                fixture.turn(2);
            }
            killedCopy();
        }
        Path uncontrolled = StoreFixture.killedCopy(copy, temp.resolve("uncontrolled"));
        Files.delete(uncontrolled.resolve("control"));
        for (Path left : List.of(copy, uncontrolled)) {
            try (StoreFixture fixture = new StoreFixture(left)) {
                assertThat(fixture.get("old")).isNull();
                assertThat(fixture.store.snapshot().mapped().damaged()).isZero();
                assertThat(fixture.store.snapshot().mapped().entries()).isPositive();
            }
        }
    }

    @Test
    void shouldFindAFlippedPayloadAtItsFirstReadAfterARebuild() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "aaaaaaaaaa");
            fixture.put("b", "bbbbbbbbbb");
            fixture.get("a");
            int payloadOffset = fixture.view.payloadOffset();
            Path segment = segmentOf(fixture.view.slot());
            killedCopy();
            flip(segment, payloadOffset + 5);
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.get("b")).isEqualTo("bbbbbbbbbb");
            assertThat(fixture.store.snapshot().mapped().damaged()).isEqualTo(1);
            assertThat(fixture.get("a")).as("and it stays dead").isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).isEqualTo(1);
        }
    }

    @Test
    void shouldFindAFlipMadeWhileTheNodeWasStopped() throws IOException {
        int payloadOffset;
        int slot;
        int tagOffset;
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "aaaaaaaaaa");
            fixture.put("b", "bbbbbbbbbb");
            fixture.put("c", "cccccccccc");
            fixture.get("a");
            payloadOffset = fixture.view.payloadOffset();
            slot = fixture.view.slot();
            fixture.get("b");
            tagOffset = fixture.view.etagOffset();
        }
        flip(dir.resolve("segments").resolve(SegmentDescriptor.fileName(slot)), payloadOffset);
        flip(dir.resolve("segments").resolve(SegmentDescriptor.fileName(slot)), tagOffset);
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.get("b")).isNull();
            assertThat(fixture.get("c")).isEqualTo("cccccccccc");
            assertThat(fixture.store.snapshot().mapped().damaged()).isEqualTo(2);
        }
    }

    @Test
    void shouldDropWhatLiesBehindAFlippedHeaderAndCountIt() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.put("b", "two");
            fixture.put("c", "three");
            fixture.get("b");
            killedCopy();
            flip(segmentOf(fixture.view.slot()), fixture.view.frameOffset() + EPOCH_OFFSET);
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isEqualTo("one");
            assertThat(fixture.get("b")).isNull();
            assertThat(fixture.get("c")).isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).isEqualTo(1);
            fixture.put("c", "again");
            assertThat(fixture.get("c")).isEqualTo("again");
        }
    }

    @Test
    void shouldDropASegmentOfAnotherStore() throws IOException {
        try (StoreFixture other = new StoreFixture(temp.resolve("other"))) {
            other.put("a", "foreign");
            other.get("a");
            assertThat(other.view.slot()).isZero();
        }
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "own");
            killedCopy();
        }
        Files.copy(temp.resolve("other/segments/0.seg"), copy.resolve("segments/77.seg"));
        Files.copy(temp.resolve("other/segments/0.seg"), copy.resolve("segments/0.seg"),
                StandardCopyOption.REPLACE_EXISTING);

        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).isEqualTo(2);
            assertThat(copy.resolve("segments/77.seg")).doesNotExist();
        }
    }

    @Test
    void shouldDropATruncatedSegmentAndOneOfAnotherSlot() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
        }
        Files.copy(dir.resolve("segments/0.seg"), dir.resolve("segments/9.seg"));
        try (FileChannel channel = FileChannel.open(dir.resolve("segments/0.seg"), StandardOpenOption.WRITE)) {
            channel.truncate(100_000);
        }
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).isPositive();
            assertThat(dir.resolve("segments/9.seg")).doesNotExist();
            fixture.put("a", "two");
            assertThat(fixture.get("a")).isEqualTo("two");
        }
    }

    @Test
    void shouldRebuildAMissingOrDamagedIndexAfterACleanStop() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.store.close();
            Files.delete(dir.resolve("index"));
            fixture.openAgain();
            assertThat(fixture.get("a")).isEqualTo("one");

            fixture.store.close();
            Files.write(dir.resolve("index"), new byte[0]);
            fixture.openAgain();
            assertThat(fixture.get("a")).isEqualTo("one");

            fixture.store.close();
            Files.write(dir.resolve("index"), new byte[1000]);
            fixture.openAgain();
            assertThat(fixture.get("a")).isEqualTo("one");
        }
    }

    @Test
    void shouldRefuseFilesOfANewerBuildAndLeaveThemAlone() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
        }
        assertNewerRefused(dir.resolve("control"), ControlDescriptor.LAYOUT_VERSION_OFFSET, "1");
        assertNewerRefused(dir.resolve("journal"), 8, "1 to 3");
        assertNewerRefused(dir.resolve("index.clean"), 8, "2");
        assertNewerRefused(dir.resolve("segments/0.seg"), SegmentDescriptor.LAYOUT_VERSION_OFFSET, "2");

        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.get("a")).isEqualTo("one");
        }
    }

    private void assertNewerRefused(Path file, int versionOffset, String reads) throws IOException {
        int version = Character.digit(reads.charAt(reads.length() - 1), 10);
        write(file, versionOffset, version + 1);
        assertThatThrownBy(() -> new StoreFixture(dir).close()).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT)).hasMessageContaining("newer build")
                .hasMessageContaining("this build reads " + reads);
        write(file, versionOffset, version);
    }

    @Test
    void shouldStartEmptyAfterALossOfPower() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            killedCopy();
        }
        pretendAnotherBoot(copy);
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.store.snapshot().mapped().damaged()).as("counted").isPositive();
            fixture.put("a", "two");
            assertThat(fixture.get("a")).isEqualTo("two");
        }
    }

    @Test
    void shouldKeepAllAcrossABootAfterACleanStop() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
        }
        pretendAnotherBoot(dir);
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.get("a")).isEqualTo("one");
        }
    }

    @Test
    void shouldStartEmptyWithoutAJournalToRelyOn() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.store.invalidatePrefix(Key.of("b"));
            killedCopy();
        }
        Files.delete(copy.resolve("journal"));
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.store.epoch()).as("never goes back").isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void shouldNotCountAMarkerOfAnotherStart() throws IOException {
        byte[] marker;
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.store.close();
            marker = Files.readAllBytes(dir.resolve("index.clean"));
            fixture.openAgain();
            fixture.store.invalidate(Key.of("a"));
            fixture.put("b", "two");
            killedCopy();
        }
        Files.write(copy.resolve("index.clean"), marker);
        Path powerless = StoreFixture.killedCopy(copy, temp.resolve("powerless"));
        pretendAnotherBoot(powerless);
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.get("b")).isEqualTo("two");
        }
        try (StoreFixture fixture = new StoreFixture(powerless)) {
            assertThat(fixture.get("b")).as("the stop after the marker was not clean").isNull();
        }
    }

    @Test
    void shouldKeepGenerationsRisingWhenTheCapacityChanges() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.get("a");
            int slot = fixture.view.slot();
            long generation = fixture.view.generation();
            fixture.store.close();

            fixture.store = TieredStore.open(new StoreContext().dir(dir).mappedCapacity(64 * StoreFixture.MIB)
                    .heapCapacity(0).clock(fixture.clock).conclude());
            fixture.recover();

            assertThat(fixture.get("a")).isEqualTo("one");
            assertThat(fixture.store.control().generationVolatile(slot)).isGreaterThanOrEqualTo(generation);
            fixture.reopen();
            assertThat(fixture.get("a")).isEqualTo("one");
        }
    }

    @Test
    void shouldShrinkToASmallerCapacity() {
        StoreContext large = new StoreContext().dir(dir).mappedCapacity(40 * StoreFixture.MIB)
                .heapCapacity(0);
        try (StoreFixture fixture = new StoreFixture(large)) {
            for (int i = 0; i < 70; i++) {
                fixture.put("k" + i, new byte[400_000]);
            }
            fixture.reopen();
            assertThat(fixture.store.snapshot().mapped().usedBytes()).isGreaterThan(16 * StoreFixture.MIB);

            fixture.turn(2000);

            assertThat(fixture.store.snapshot().mapped().usedBytes()).isLessThanOrEqualTo(16 * StoreFixture.MIB);
            fixture.put("new", "here");
            assertThat(fixture.get("new")).isEqualTo("here");
        }
    }

    private void killedCopy() throws IOException {
        StoreFixture.killedCopy(dir, copy);
    }

    private Path segmentOf(int slot) {
        return copy.resolve("segments").resolve(SegmentDescriptor.fileName(slot));
    }

    private static void flip(Path file, int offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 0x10)).clear();
            channel.write(one, offset);
        }
    }

    private static void write(Path file, int offset, int value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value), offset);
        }
    }

    /** Changes the journal's boot id, as docs/file-format.md draws it. */
    private static void pretendAnotherBoot(Path directory) throws IOException {
        Path journal = directory.resolve("journal");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(journal)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(52, (byte) (bytes.get(52) == 'x' ? 'y' : 'x'));
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(16).limit(128));
        bytes.putInt(12, (int) crc.getValue());
        Files.write(journal, bytes.array());
    }
}
