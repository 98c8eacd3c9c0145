package io.tiercel.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.Key;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvalidationFilterTest {
    private static final int SLOTS = 3;
    private static final long INCARNATION = 7;

    @TempDir
    Path dir;

    private ControlFile node;
    private ControlFile client;

    /** What the filter stands for, as plainly as it can be said. */
    private record Invalidation(String prefix, long epoch) {
        boolean covers(String key, long sinceEpoch) {
            return epoch > sinceEpoch && (prefix.isEmpty() || key.equals(prefix) || key.startsWith(prefix + "/"));
        }
    }

    @BeforeEach
    void openFiles() throws IOException {
        Path path = reserved("control", ControlDescriptor.fileLength(SLOTS));
        node = ControlFile.create(path, SLOTS);
        node.beginIncarnation(INCARNATION);
        client = ControlFile.open(path, false);
    }

    @AfterEach
    void closeFiles() {
        client.close();
        node.close();
    }

    @Test
    void shouldNeverCallAKeyUntouchedThatWasCovered() {
        Random random = new Random(4711);
        List<Invalidation> invalidations = new ArrayList<>();
        int covered = 0;
        for (long epoch = 1; epoch <= 2_000; epoch++) {
            String prefix = random.nextInt(500) == 0 ? "" : path(random, 1 + random.nextInt(3));
            invalidate(prefix, epoch);
            invalidations.add(new Invalidation(prefix, epoch));
            String key = path(random, 1 + random.nextInt(4));
            long since = Math.max(0, epoch - random.nextInt(50));

            boolean isCovered = invalidations.stream().anyMatch(one -> one.covers(key, since));

            covered += isCovered ? 1 : 0;
            if (isCovered) {
                assertThat(isUntouched(key, since)).as("%s since epoch=%d", key, since).isFalse();
            }
        }
        assertThat(covered).as("keys that were covered").isGreaterThan(100);
    }

    @Test
    void shouldCallMostOthersUntouched() {
        for (long epoch = 1; epoch <= 1_000; epoch++) {
            invalidate("storm/" + epoch, epoch);
        }

        int untouched = 0;
        for (int i = 0; i < 10_000; i++) {
            untouched += isUntouched("data/part/" + i, 0) ? 1 : 0;
        }

        // Each of a key's three entries was raised by one of the thousand with a probability of 6 %.
        assertThat(untouched).as("of 10,000 keys").isGreaterThan(8_000);
    }

    @Test
    void shouldTakeAPrefixForWholeSegments() {
        invalidate("a/b", 5);

        assertThat(isUntouched("a/b", 4)).isFalse();
        assertThat(isUntouched("a/b/c/d", 4)).isFalse();
        assertThat(isUntouched("a/b/c/d", 5)).as("known since").isTrue();
        assertThat(isUntouched("a/bc", 4)).isTrue();
        assertThat(isUntouched("a", 4)).isTrue();
    }

    @Test
    void shouldNeverFall() {
        invalidate("a", 9);
        invalidate("a", 3);
        assertThat(isUntouched("a/b", 8)).isFalse();

        invalidate("", 20);
        invalidate("", 10);
        assertThat(isUntouched("c", 19)).isFalse();
        assertThat(isUntouched("c", 20)).isTrue();
    }

    @Test
    void shouldBeKeptByOneNodeAlone() {
        Key key = Key.of("a/b");
        assertThat(client.filterPlaces(key.buffer(), 0, key.length(), INCARNATION)).hasSize(2);
        assertThat(client.filterPlaces(key.buffer(), 0, key.length(), INCARNATION + 1)).isNull();
    }

    @Test
    void shouldDoWithoutInAFileThatHasNone() throws IOException {
        try (ControlFile older = ControlFile.open(ofEntries(0), true)) {
            assertThat(older.hasFilter()).isFalse();
            older.beginIncarnation(INCARNATION);
            assertThat(older.filterPlaces(Key.of("a").buffer(), 0, 1, INCARNATION)).isNull();
            assertThat(older.isUntouched(new int[]{0}, Long.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void shouldRefuseAFilterThatIsNone() throws IOException {
        for (int entries : new int[]{-1, 1, 3, 1 << 30, Integer.MIN_VALUE, 2 * ControlDescriptor.FILTER_ENTRIES}) {
            Path path = ofEntries(entries);
            assertThatThrownBy(() -> ControlFile.open(path, false)).hasMessageContaining("filterEntries=" + entries);
        }
    }

    private Path ofEntries(int entries) throws IOException {
        Path path = reserved("other", ControlDescriptor.fileLength(SLOTS));
        ControlFile.create(path, SLOTS).close();
        try (MappedFile file = MappedFile.openWritable(path)) {
            file.buffer().putInt(ControlDescriptor.FILTER_ENTRIES_OFFSET, entries, ByteOrder.LITTLE_ENDIAN);
        }
        return path;
    }

    private void invalidate(String prefix, long epoch) {
        UnsafeBuffer bytes = new UnsafeBuffer(prefix.getBytes(StandardCharsets.UTF_8));
        node.filterInvalidation(bytes, 0, bytes.capacity(), epoch);
    }

    private boolean isUntouched(String path, long sinceEpoch) {
        Key key = Key.of(path);
        int[] places = Objects.requireNonNull(client.filterPlaces(key.buffer(), 0, key.length(), INCARNATION));
        return client.isUntouched(places, sinceEpoch);
    }

    private static String path(Random random, int depth) {
        StringBuilder path = new StringBuilder("p").append(random.nextInt(4));
        for (int i = 1; i < depth; i++) {
            path.append("/ü").append(random.nextInt(4));
        }
        return path.toString();
    }

    private Path reserved(String name, int length) throws IOException {
        Path path = dir.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }
}
