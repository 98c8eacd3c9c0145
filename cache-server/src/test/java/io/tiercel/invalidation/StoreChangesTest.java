package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreChangesTest {
    private static final int MAX_PREFIXES = 100;

    @TempDir
    Path dir;

    private PrefixEpochs prefixes = new PrefixEpochs(MAX_PREFIXES);
    private Journal journal;
    private long epoch;

    @BeforeEach
    void create() throws IOException {
        journal = Journal.create(dir.resolve("journal"), header());
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private JournalHeader header() {
        return new JournalHeader(1L, 1L, epoch, prefixes.journalFloor(), "");
    }

    @Test
    void shouldSpareAMountOfChangesAboveItAndOfNoOthers() {
        replace(List.of("a"), List.of("a/b"));

        assertThat(isStale("a/x", 0)).isTrue();
        assertThat(isStale("a", 0)).isTrue();
        assertThat(isStale("a/bc", 0)).isTrue();
        assertThat(isStale("a/b", 0)).isFalse();
        assertThat(isStale("a/b/c/d", 0)).isFalse();
        assertThat(isStale("ab", 0)).isFalse();

        replace(List.of("a"), List.of());
        assertThat(isStale("a/b/c", 1)).as("it was no mount when the next came").isTrue();
        replace(List.of("", "a/b"), List.of("a/b/c"));
        assertThat(isStale("a/b/c/d", 2)).isFalse();
        assertThat(isStale("a/b/d", 2)).isTrue();
        assertThat(isStale("z", 2)).isTrue();
        assertThat(isStale("z", 3)).isFalse();
    }

    @Test
    void shouldSpareNothingOfAnInvalidation() {
        byte[] prefix = bytes("a");
        replace(List.of("a"), List.of("a/b"));

        prefixes.invalidate(new UnsafeBuffer(prefix), 0, prefix.length, ++epoch);

        assertThat(isStale("a/b/c", 1)).isTrue();
    }

    /** The names have one hash; were bytes not compared, a frame of the one would be spared with the other. */
    @Test
    void shouldTellPrefixesOfOneHashApart() {
        replace(List.of(""), List.of("m82689"));

        assertThat(isStale("m82689/x", 0)).isFalse();
        assertThat(isStale("m230020/x", 0)).isTrue();
    }

    @Test
    void shouldForgetWhatWasSetApart() {
        replace(List.of("a"), List.of("a/b"));
        prefixes.seal();
        replace(List.of("c"), List.of());
        assertThat(prefixes.count()).isEqualTo(3);

        prefixes.retireSealed();

        assertThat(prefixes.count()).isEqualTo(1);
        assertThat(isStale("c/x", 1)).isTrue();
    }

    @Test
    void shouldDropEverythingRatherThanRememberWithoutBound() {
        for (int i = 0; i <= StoreChanges.MOST_PREFIXES; i++) {
            replace(List.of("m" + i), List.of());
        }

        assertThat(prefixes.count()).isZero();
        assertThat(isStale("z", epoch - 1)).isTrue();
        assertThat(isStale("z", epoch)).isFalse();
    }

    @Test
    void shouldAllocateNothingByACheck() {
        replace(List.of("", "some", "some/mount"), List.of("some/mount/below", "some/mount/below/it"));
        UnsafeBuffer key = new UnsafeBuffer(bytes("some/mount/below/it/with/a/longer/tail"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int stale = 0;
        for (int i = 0; i < 20_000; i++) {
            stale += prefixes.isStale(key, 0, key.capacity(), 0) ? 1 : 0;
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            stale += prefixes.isStale(key, 0, key.capacity(), 0) ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(stale).isZero();
        assertThat(allocated).isLessThan(1000);
    }

    /** A frame, with the mount that it was loaded from: each time that a mount gets a store is a number of its own. */
    private static final class Frame {
        private final String key;
        private final long epoch;
        private boolean isDead;

        Frame(String key, long epoch) {
            this.key = key;
            this.epoch = epoch;
        }
    }

    /** Against the plain meaning: a frame lives as long as the mount that answers for its key has the store it came from. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithThePlainMeaning(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, Integer> mounts = new TreeMap<>(Map.of("", 0));
        List<Frame> frames = new ArrayList<>();
        int spared = 0;
        for (int step = 1; step < 2000; step++) {
            if (random.nextInt(4) > 0) {
                frames.add(new Frame(randomPath(random, 4), epoch));
            } else if (random.nextInt(8) > 0) {
                spared += remount(random, mounts, step, frames);
            } else if (random.nextBoolean()) {
                sweep(frames);
            } else {
                restart();
            }
            for (Frame frame : frames) {
                assertThat(isStale(frame.key, frame.epoch)).as("seed=%d step=%d key=%s epoch=%d now=%d", seed, step,
                        frame.key, frame.epoch, epoch).isEqualTo(frame.isDead);
            }
            frames.removeIf(frame -> frames.size() > 60);
        }
        assertThat(spared).as("frames under a change that did not concern them").isGreaterThan(100);
    }

    /** Answers how many frames lived on under a prefix that got another store. */
    private int remount(Random random, Map<String, Integer> mounts, int step, List<Frame> frames) {
        Map<String, Integer> before = new TreeMap<>(mounts);
        TreeSet<String> changed = new TreeSet<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            String prefix = random.nextInt(6) == 0 ? "" : randomPath(random, 3);
            if (random.nextInt(3) == 0) {
                mounts.remove(prefix);
            } else {
                mounts.put(prefix, 10 * step + i);
            }
            changed.add(prefix);
        }
        changed.removeIf(prefix -> Objects.equals(before.get(prefix), mounts.get(prefix)));
        TreeSet<String> kept = new TreeSet<>(mounts.keySet());
        kept.removeAll(changed);
        replace(List.copyOf(changed), List.copyOf(kept));
        int spared = 0;
        for (Frame frame : frames) {
            Integer owner = ownerOf(mounts, frame.key);
            String at = owner == null ? null : prefixOf(mounts, frame.key);
            boolean isOwn = owner != null && owner.equals(ownerOf(before, frame.key)) && !changed.contains(at);
            boolean isUnder = changed.stream().anyMatch(prefix -> isUnder(prefix, frame.key));
            frame.isDead |= isUnder && !isOwn;
            spared += isUnder && isOwn ? 1 : 0;
        }
        return spared;
    }

    private static boolean isUnder(String prefix, String key) {
        return prefix.isEmpty() || key.equals(prefix) || key.startsWith(prefix + '/');
    }

    private static @Nullable String prefixOf(Map<String, Integer> mounts, String key) {
        String longest = null;
        for (String prefix : mounts.keySet()) {
            if (isUnder(prefix, key) && (longest == null || prefix.length() > longest.length())) {
                longest = prefix;
            }
        }
        return longest;
    }

    private static @Nullable Integer ownerOf(Map<String, Integer> mounts, String key) {
        String prefix = prefixOf(mounts, key);
        return prefix == null ? null : mounts.get(prefix);
    }

    /** As the node does it: what is dead goes first, then what says so. */
    private void sweep(List<Frame> frames) {
        prefixes.seal();
        frames.removeIf(frame -> frame.isDead);
        prefixes.retireSealed();
        frames.removeIf(frame -> frame.epoch < epoch && frame.isDead);
    }

    private void restart() throws IOException {
        journal.close();
        Path file = dir.resolve("journal");
        JournalReader reader = JournalReader.read(file);
        prefixes = new PrefixEpochs(MAX_PREFIXES);
        reader.replay(prefixes);
        journal = Journal.takeOver(file, reader.end(), header(), prefixes);
    }

    private void replace(List<String> replaced, List<String> kept) {
        epoch++;
        try {
            for (String prefix : kept) {
                byte[] bytes = bytes(prefix);
                journal.appendSpared(bytes, epoch);
                prefixes.spareMount(new UnsafeBuffer(bytes), 0, bytes.length, epoch);
            }
            for (String prefix : replaced) {
                byte[] bytes = bytes(prefix);
                journal.appendReplaced(bytes, epoch);
                prefixes.replaceStore(new UnsafeBuffer(bytes), 0, bytes.length, epoch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isStale(String key, long atEpoch) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes(key));
        return prefixes.isStale(buffer, 0, buffer.capacity(), atEpoch);
    }

    private static String randomPath(Random random, int deepest) {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(deepest); depth > 0; depth--) {
            path.append(path.isEmpty() ? "" : "/").append((char) ('a' + random.nextInt(3)));
        }
        return path.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
