package io.tiercel.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleIndexTest {
    private static final int CAPACITY = 5000;

    @TempDir
    Path dir;

    private final FramePlace place = new FramePlace();

    @Test
    void shouldFindReplaceAndForget() throws IOException {
        try (FrameIndex index = ChronicleIndex.create(dir.resolve("index"), CAPACITY)) {
            assertThat(index.put(2, place.wrap(3, 4, 5, 6))).isTrue();
            assertThat(index.put(3, place.wrap(30, 40, 50, 60))).isTrue();
            assertThat(index.put(2, place.wrap(7, 8, 9, 10))).isTrue();

            assertThat(index.count()).isEqualTo(2);
            assertThat(index.find(2, place)).isTrue();
            assertThat(place.is(7, 8, 9)).isTrue();
            assertThat(place.verifiedAt()).isEqualTo(10);
            assertThat(index.find(1, place)).isFalse();

            index.remove(2);
            index.remove(2);

            assertThat(index.find(2, place)).isFalse();
            assertThat(index.find(3, place)).isTrue();
            assertThat(place.is(30, 40, 50)).isTrue();
            assertThat(index.count()).isEqualTo(1);
        }
    }

    @Test
    void shouldHoldExactlyItsCapacityInAFileThatNeverGrows() throws IOException {
        Path file = dir.resolve("index");
        try (FrameIndex index = ChronicleIndex.create(file, CAPACITY)) {
            long length = Files.size(file);
            for (int round = 0; round < 3; round++) {
                for (long i = 0; i < CAPACITY; i++) {
                    assertThat(index.put(i * 0x9E37_79B9_7F4A_7C15L + round, place.wrap(1, 2, 3, 4))).isTrue();
                }

                assertThat(index.put(-1, place)).as("full").isFalse();
                assertThat(index.put(round, place)).as("replacing").isTrue();

                for (long i = 0; i < CAPACITY; i++) {
                    index.remove(i * 0x9E37_79B9_7F4A_7C15L + round);
                }
                assertThat(index.count()).isZero();
            }
            assertThat(Files.size(file)).isEqualTo(length);
        }
    }

    @Test
    void shouldOpenWhatWasClosed() throws IOException {
        Path file = dir.resolve("index");
        try (FrameIndex index = ChronicleIndex.create(file, CAPACITY)) {
            index.put(2, place.wrap(3, 4, 5, 6));
            index.put(Long.MIN_VALUE, place.wrap(Short.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, -1));
        }

        try (FrameIndex index = ChronicleIndex.open(file, CAPACITY)) {
            assertThat(index.count()).isEqualTo(2);
            assertThat(index.find(2, place)).isTrue();
            assertThat(place.is(3, 4, 5)).isTrue();
            assertThat(index.find(Long.MIN_VALUE, place)).isTrue();
            assertThat(place.is(Short.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE)).isTrue();
            assertThat(place.verifiedAt()).isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseWhatIsNoIndex() throws IOException {
        Path file = dir.resolve("index");
        Files.write(file, "this is not an index at all, but it is long enough to be looked at".repeat(1000)
                .getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> ChronicleIndex.open(file, CAPACITY).close()).isInstanceOf(IOException.class);
    }

    @Test
    void shouldAllocateNothingByALookUp() throws IOException {
        try (FrameIndex index = ChronicleIndex.create(dir.resolve("index"), CAPACITY)) {
            for (long i = 0; i < 1000; i++) {
                index.put(i, place.wrap((int) i, i, 0, 0));
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            int found = 0;
            for (int i = 0; i < 30_000; i++) {
                found += index.find(i % 1000, place) ? 1 : 0;
            }

            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                found += index.find(i % 1000, place) ? 1 : 0;
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(found).isEqualTo(130_000);
            assertThat(allocated).isLessThan(100_000 / 10);
        }
    }
}
