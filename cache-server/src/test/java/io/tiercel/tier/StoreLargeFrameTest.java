package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames with a file of their own, and whose file they get. */
class StoreLargeFrameTest {
    private static final int LENGTH = 1_000_000;

    @TempDir
    Path temp;

    private final Random random = new Random(4);

    private byte[] value(int length) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    private static String fileOf(StoreFixture fixture) {
        return fixture.view.slot() + "/" + fixture.view.fileGeneration();
    }

    @Test
    void shouldWriteALargeFrameInTheFileOfADeadOneAtOnce() throws IOException {
        Path copy = temp.resolve("copy");
        byte[] value = value(LENGTH);
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            fixture.put("key", value);
            fixture.put("key", value);
            Set<String> files = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                value = value(LENGTH - 20_000 + i * 1_000);
                StoreFixture.Outcome room = new StoreFixture.Outcome();
                fixture.store.allocate(fixture.requestFor("key", value.length), room);
                room.allocated().payload().putBytes(0, value);
                assertThat(StoreFixture.publish(room.allocated())).isTrue();
                assertThat(fixture.bytes("key")).isEqualTo(value);
                files.add(fileOf(fixture));
            }
            assertThat(files).hasSize(2);
            StoreFixture.killedCopy(temp.resolve("dir"), copy);
            fixture.reopen();
            assertThat(fixture.bytes("key")).as("after a stop").isEqualTo(value);
        }
        try (StoreFixture fixture = new StoreFixture(copy)) {
            assertThat(fixture.bytes("key")).as("after a kill").isEqualTo(value);
        }
    }

    @Test
    void shouldNotWriteOverADeadFrameThatIsRead() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            byte[] value = value(LENGTH);
            fixture.put("key", value);
            fixture.bytes("key");
            Pinned pinned = fixture.store.pin(fixture.view);

            for (int i = 0; i < 10; i++) {
                fixture.put("key", value(LENGTH));
            }

            byte[] read = new byte[LENGTH];
            pinned.payload().getBytes(0, read);
            assertThat(read).isEqualTo(value);
            fixture.store.unpin(pinned);
        }
    }

    @Test
    void shouldGiveAFrameTheFileOfOneThatIsEvictedForIt() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            Set<String> files = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                byte[] value = value(LENGTH);
                fixture.put("key" + i, value);
                assertThat(fixture.bytes("key" + i)).isEqualTo(value);
                files.add(fileOf(fixture));
            }
            assertThat(files).hasSizeLessThan(17);
            assertThat(fixture.store.snapshot().mapped().fileBytes()).isLessThanOrEqualTo(16 * StoreFixture.MIB);
        }
    }

    @Test
    void shouldKeepSpareSegmentsWhereAnEvictedFrameMakesRoom() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            int length = 64 << 10; // a quarter of the segments that are kept free
            int places = (int) (16 * StoreFixture.MIB / length);
            Set<String> files = new HashSet<>();
            for (int i = 0; i < 4 * places; i++) {
                fixture.put("key" + i, value(length));
                fixture.bytes("key" + i);
                files.add(fileOf(fixture));
            }
            assertThat(files).hasSizeLessThanOrEqualTo(places);
        }
    }

    @Test
    void shouldMakeAFileWhereADeadOneWouldBeWasted() {
        try (StoreFixture fixture = new StoreFixture(temp.resolve("dir"))) {
            fixture.put("key", value(LENGTH));
            fixture.put("key", value(LENGTH / 2));
            fixture.put("key", value(LENGTH / 2 + LENGTH / 10));
            fixture.bytes("key");
            assertThat(fixture.view.fileLength()).isLessThan(LENGTH / 3 * 2);
        }
    }
}
