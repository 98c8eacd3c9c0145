package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixEpochsTest {
    private final PrefixEpochs prefixes = new PrefixEpochs(1000);

    @Test
    void shouldCoverWholeSegmentsOnly() {
        invalidate("a/b", 5);

        assertThat(isStale("a/b", 4)).isTrue();
        assertThat(isStale("a/b/c", 4)).isTrue();
        assertThat(isStale("a/b/c/d", 4)).isTrue();
        assertThat(isStale("a/bc", 4)).isFalse();
        assertThat(isStale("a", 4)).isFalse();
        assertThat(isStale("b/a/b", 4)).isFalse();
    }

    @Test
    void shouldSpareWhatBeganAtTheEpochOrLater() {
        invalidate("a", 5);
        invalidate("z", 9);

        assertThat(isStale("a/b", 5)).isFalse();
        assertThat(isStale("a/b", 8)).isFalse();
        assertThat(isStale("a/b", 4)).isTrue();
    }

    @Test
    void shouldCoverEverythingByAll() {
        invalidate("a", 5);
        prefixes.invalidateAll(6);

        assertThat(isStale("q", 5)).isTrue();
        assertThat(isStale("q", 6)).isFalse();
        assertThat(prefixes.count()).as("nothing but all is remembered").isZero();
    }

    @Test
    void shouldForgetOnlyWhatIsRetired() {
        invalidate("a", 5);
        invalidate("b", 6);

        prefixes.retireThrough(5);

        assertThat(prefixes.count()).isEqualTo(1);
        assertThat(isStale("b", 5)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAgreeWithAPlainWalkOrCoverMore(long seed) {
        Random random = new Random(seed);
        PrefixEpochs bounded = new PrefixEpochs(50);
        Map<String, Long> model = new HashMap<>();
        int coveredMore = 0;
        for (int step = 1; step < 5000; step++) {
            String key = randomKey(random);
            if (random.nextInt(10) == 0) {
                bounded.invalidate(key.getBytes(StandardCharsets.UTF_8), step);
                model.put(key, (long) step);
            }
            long epoch = Math.max(0, step - random.nextInt(100));
            boolean expected = isStale(model, key, epoch);
            UnsafeBuffer bytes = new UnsafeBuffer(key.getBytes(StandardCharsets.UTF_8));
            boolean stale = bounded.isStale(bytes, 0, bytes.capacity(), epoch);

            assertThat(stale || !expected).as("seed=%d step=%d key=%s epoch=%d", seed, step, key, epoch).isTrue();
            assertThat(bounded.count()).isLessThanOrEqualTo(50);
            coveredMore += stale && !expected ? 1 : 0;
        }
        assertThat(coveredMore).as("misses for want of room: some, not all").isBetween(1, 4000);
    }

    @Test
    void shouldBeExactWhileThereIsRoom() {
        Random random = new Random(9);
        Map<String, Long> model = new HashMap<>();
        for (int step = 1; step < 20_000; step++) {
            String key = randomKey(random);
            if (random.nextInt(10) == 0 && model.size() < 900) {
                invalidate(key, step);
                model.put(key, (long) step);
            }
            long epoch = random.nextInt(step + 1);

            assertThat(isStale(key, epoch)).as("step=%d key=%s", step, key).isEqualTo(isStale(model, key, epoch));
        }
    }

    @Test
    void shouldGiveTheDeepestUpForTheirParentsWhenFull() {
        PrefixEpochs small = new PrefixEpochs(8);
        small.invalidate(bytes("top"), 1);
        for (int i = 0; i < 8; i++) {
            small.invalidate(bytes("deep/folder/child" + i), 2 + i);
        }

        assertThat(isStale(small, "deep/folder/other", 1)).as("covered by the parent").isTrue();
        assertThat(isStale(small, "elsewhere", 1)).as("not covered").isFalse();
        assertThat(small.count()).isLessThanOrEqualTo(8);
    }

    @Test
    void shouldStandAMillionDistinctPrefixesInBoundedRoom() {
        PrefixEpochs bounded = new PrefixEpochs(1024);
        for (int i = 1; i <= 100_000; i++) {
            bounded.invalidate(bytes("p" + i), i);
            assertThat(bounded.count()).isLessThanOrEqualTo(1024);
        }

        assertThat(isStale(bounded, "p99999/x", 99_998)).isTrue();
        assertThat(isStale(bounded, "p1/x", 0)).isTrue();
    }

    @Test
    void shouldStandAMillionNestedPrefixesInTheDefaultRoom() {
        int distinct = Boolean.getBoolean("tiercel.full") ? 1_000_000 : 200_000;
        int most = 65_536;
        PrefixEpochs bounded = new PrefixEpochs(most);
        int mostCounted = 0;
        for (int i = 1; i <= distinct; i++) {
            bounded.invalidate(bytes("lake/day" + i % 100 + "/part" + i), i);
            mostCounted = Math.max(mostCounted, bounded.count());
        }

        assertThat(mostCounted).as("full, and never beyond").isEqualTo(most);
        for (int i = 1; i <= distinct; i += distinct / 1000) {
            String prefix = "lake/day" + i % 100 + "/part" + i;
            assertThat(isStale(bounded, prefix, i - 1)).as("%s", prefix).isTrue();
            assertThat(isStale(bounded, prefix + "/below", i - 1)).as("below %s", prefix).isTrue();
        }
        assertThat(isStale(bounded, "lake/day1/never", 0)).as("covered by the parent that took over").isTrue();
        assertThat(isStale(bounded, "lake/day1/never", distinct)).as("began after all of them").isFalse();
        assertThat(isStale(bounded, "lake/day100/never", 0)).as("a folder without any").isFalse();
        assertThat(isStale(bounded, "lake/day", 0)).as("the beginning of a name").isFalse();
        assertThat(isStale(bounded, "lake", 0)).as("above all of them").isFalse();
        assertThat(bounded.floor()).as("the whole keyspace is spared").isZero();
    }

    @Test
    void shouldReadAKeyOnceWhateverTheNumberOfPrefixes() {
        CountingBuffer key = new CountingBuffer(bytes("a/b/c/d/e/f/g/h"));
        PrefixEpochs many = new PrefixEpochs(65_536);
        many.invalidate(bytes("z"), 100_000);
        assertThat(many.isStale(key, 0, key.capacity(), 5)).isFalse();
        int readsAmongOne = key.takeReads();
        for (int i = 0; i < 40_000; i++) {
            many.invalidate(bytes("a/b/c/d/e/f/" + Integer.toString(46_655 - i, 36)), 6 + i);
        }

        assertThat(many.isStale(key, 0, key.capacity(), 5)).isFalse();
        assertThat(key.takeReads()).as("bytes read of the key").isEqualTo(readsAmongOne);
        int depth = 0;
        for (int end = 1; end <= key.capacity(); end += 2) {
            many.invalidate(Arrays.copyOf(bytes("a/b/c/d/e/f/g/h"), end), 5);
            depth++;
        }
        assertThat(many.isStale(key, 0, key.capacity(), 5)).as("all of its prefixes are no newer").isFalse();
        assertThat(key.takeReads()).as("once, and once a prefix that is compared")
                .isLessThanOrEqualTo(key.capacity() * (depth + 1));
    }

    /** Counts the bytes that are read of it. */
    private static final class CountingBuffer extends UnsafeBuffer {
        private int reads;

        CountingBuffer(byte[] bytes) {
            super(bytes);
        }

        @Override
        public byte getByte(int index) {
            reads++;
            return super.getByte(index);
        }

        int takeReads() {
            int taken = reads;
            reads = 0;
            return taken;
        }
    }

    @Test
    void shouldAllocateNothingByACheck() {
        for (int i = 0; i < 500; i++) {
            invalidate("some/prefix/number" + i, 10 + i);
        }
        UnsafeBuffer key = new UnsafeBuffer(bytes("some/prefix/number77/with/a/longer/tail"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int stale = 0;
        for (int i = 0; i < 20_000; i++) {
            stale += prefixes.isStale(key, 0, key.capacity(), i & 127) ? 1 : 0;
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            stale += prefixes.isStale(key, 0, key.capacity(), i & 127) ? 1 : 0;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(stale).isPositive();
        assertThat(allocated).isLessThan(1000);
    }

    @Test
    void shouldNeverLetAReaderMissAnAcknowledgedInvalidation() throws InterruptedException {
        PrefixEpochs shared = new PrefixEpochs(64);
        AtomicLong acknowledged = new AtomicLong();
        AtomicReference<String> wrong = new AtomicReference<>("");
        UnsafeBuffer key = new UnsafeBuffer(bytes("hot/key/below"));
        Thread reader = new Thread(() -> {
            while (acknowledged.get() < 20_000) {
                long epoch = acknowledged.get();
                if (epoch > 0 && !shared.isStale(key, 0, key.capacity(), epoch - 1)) {
                    wrong.set("alive at " + epoch);
                }
            }
        });
        reader.start();
        for (int epoch = 1; epoch <= 20_000; epoch++) {
            shared.invalidate(bytes(epoch % 3 == 0 ? "hot/key" : "hot"), epoch);
            acknowledged.set(epoch);
            if (epoch % 5 == 0) {
                shared.invalidate(bytes("other/" + epoch), epoch);
            }
        }
        reader.join();

        assertThat(wrong.get()).isEmpty();
    }

    private static String randomKey(Random random) {
        StringBuilder key = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            key.append(key.isEmpty() ? "" : "/").append((char) ('a' + random.nextInt(5)));
        }
        return key.toString();
    }

    private static boolean isStale(Map<String, Long> model, String key, long epoch) {
        for (int end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
            if (model.getOrDefault(key.substring(0, end), -1L) > epoch) {
                return true;
            }
        }
        return model.getOrDefault(key, -1L) > epoch;
    }

    private void invalidate(String prefix, long epoch) {
        prefixes.invalidate(bytes(prefix), epoch);
    }

    private boolean isStale(String key, long epoch) {
        return isStale(prefixes, key, epoch);
    }

    private static boolean isStale(PrefixEpochs prefixes, String key, long epoch) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes(key));
        return prefixes.isStale(buffer, 0, buffer.capacity(), epoch);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
