package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
    void shouldForgetOnlyWhatWasSetApart() {
        invalidate("a", 5);
        assertThat(prefixes.seal()).isEqualTo(5);
        invalidate("b", 6);
        assertThat(prefixes.seal()).as("while something is set apart").isEqualTo(5);
        assertThat(isStale("a", 4)).isTrue();

        prefixes.retireSealed();

        assertThat(prefixes.count()).isEqualTo(1);
        assertThat(isStale("a", 4)).isFalse();
        assertThat(isStale("b", 5)).isTrue();
        assertThat(prefixes.seal()).isEqualTo(6);
    }

    @Test
    void shouldRememberWhatWasInvalidatedAgainAfterItWasSetApart() {
        invalidate("a", 5);
        prefixes.seal();
        invalidate("a", 6);

        prefixes.retireSealed();

        assertThat(isStale("a/b", 5)).isTrue();
    }

    @Test
    void shouldCoverAKeyAlone() {
        byte[] key = bytes("a/b");
        prefixes.invalidateKey(new UnsafeBuffer(key), 0, key.length, 5);

        assertThat(isStale("a/b", 4)).isTrue();
        assertThat(isStale("a/b", 5)).isFalse();
        assertThat(isStale("a/b/c", 4)).isFalse();
        assertThat(isStale("a", 4)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 28, 1L << 40, Long.MAX_VALUE - 5})
    void shouldHoldAtEpochsFarOn(long epoch) {
        invalidate("a", epoch);
        invalidate("b", epoch + 1);
        invalidate("c", 7);

        assertThat(isStale("a/x", epoch - 1)).isTrue();
        assertThat(isStale("a/x", epoch)).isFalse();
        assertThat(isStale("b/x", epoch)).isTrue();
        assertThat(isStale("c/x", 6)).isTrue();
        assertThat(isStale("d/x", 6)).isFalse();
    }

    @Test
    void shouldDropEverythingRatherThanLoseAnEpochTooFarFromTheOthers() {
        invalidate("a", 5);
        invalidate("b", 1L << 40);

        assertThat(isStale("a/x", 4)).isTrue();
        assertThat(isStale("b/x", (1L << 40) - 1)).isTrue();
        assertThat(isStale("b/x", 1L << 40)).isFalse();
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
                invalidate(bounded, key, step);
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
    void shouldTellAMillionPrefixesOfOneSegmentApart() {
        int distinct = 1_000_000;
        PrefixEpochs million = new PrefixEpochs(1 << 20);
        for (int i = 1; i <= distinct; i++) {
            invalidate(million, "p" + i, i);
        }

        // 46 bits of a hash tell them apart: of all pairs, one is taken for one in every 140 runs.
        assertThat(million.count()).isBetween(distinct - 3, distinct);
        assertThat(million.heapBytes()).as("bytes of the heap").isLessThan(17L << 20);
        assertThat(million.floor()).as("the whole keyspace is spared").isZero();
        int spared = 0;
        for (int i = 1; i <= distinct; i += 1000) {
            assertThat(isStale(million, "p" + i + "/x", i - 1)).as("p%d", i).isTrue();
            assertThat(isStale(million, "p" + i + "/x", i)).as("p%d", i).isFalse();
            spared += isStale(million, "q" + i + "/x/y/z", 0) ? 0 : 1;
        }
        assertThat(spared).as("of 1,000 that nobody invalidated").isGreaterThanOrEqualTo(999);
    }

    /** With 8,192 told apart and as many shared epochs, 2,048 more cost a quarter of other keys at each of their levels. */
    @Test
    void shouldMakeAShareOfOtherKeysMissWhenFull() {
        int most = 8_192;
        PrefixEpochs full = new PrefixEpochs(most);
        for (int i = 1; i <= most + most / 4; i++) {
            invalidate(full, "p" + i, i);
        }

        assertThat(full.count()).isEqualTo(most);
        assertThat(full.floor()).isZero();
        for (int i = 1; i <= most + most / 4; i++) {
            assertThat(isStale(full, "p" + i + "/x", i - 1)).as("p%d", i).isTrue();
        }
        int missed = 0;
        for (int i = 0; i < 10_000; i++) {
            missed += isStale(full, "q" + i, 0) ? 1 : 0;
        }
        assertThat(missed).as("of 10,000 keys").isBetween(1_000, 5_000);

        full.seal();
        full.retireSealed();
        assertThat(isStale(full, "p1/x", 0)).as("forgotten with the rest").isFalse();
    }

    @Test
    void shouldStayBoundedWhateverComes() {
        int distinct = Boolean.getBoolean("tiercel.full") ? 10_000_000 : 500_000;
        int most = 4_096;
        PrefixEpochs bounded = new PrefixEpochs(most);
        for (int i = 1; i <= distinct; i++) {
            invalidate(bounded, "lake/day" + i % 100 + "/part" + i, i);
            if (i % 50_000 == 0) {
                bounded.seal();
                assertThat(bounded.count()).isLessThanOrEqualTo(most);
                assertThat(bounded.heapBytes()).as("bytes of the heap, for a prefix of the bound")
                        .isLessThan(64L * most);
            }
        }

        for (int i = 1; i <= distinct; i += distinct / 1000) {
            assertThat(isStale(bounded, "lake/day" + i % 100 + "/part" + i + "/x", i - 1)).as("part %d", i).isTrue();
        }
        assertThat(isStale(bounded, "lake/day1/never", distinct)).as("began after all of them").isFalse();
    }

    @Test
    void shouldReadAKeyOnceWhateverTheNumberOfPrefixes() {
        CountingBuffer key = new CountingBuffer(bytes("a/b/c/d/e/f/g/h"));
        PrefixEpochs many = new PrefixEpochs(65_536);
        invalidate(many, "z", 100_000);
        assertThat(many.isStale(key, 0, key.capacity(), 5)).isFalse();
        int readsAmongOne = key.takeReads();
        for (int i = 0; i < 40_000; i++) {
            invalidate(many, "a/b/c/d/e/f/" + Integer.toString(46_655 - i, 36), 6 + i);
        }

        assertThat(many.isStale(key, 0, key.capacity(), 5)).isFalse();
        assertThat(key.takeReads()).as("bytes read of the key").isEqualTo(readsAmongOne);
        for (int end = 1; end <= key.capacity(); end += 2) {
            invalidate(many, "a/b/c/d/e/f/g/h".substring(0, end), 5);
        }
        assertThat(many.isStale(key, 0, key.capacity(), 5)).as("all of its prefixes are no newer").isFalse();
        assertThat(key.takeReads()).as("bytes read of the key").isEqualTo(readsAmongOne).isEqualTo(key.capacity());
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
            invalidate(shared, epoch % 3 == 0 ? "hot/key" : "hot", epoch);
            acknowledged.set(epoch);
            if (epoch % 5 == 0) {
                invalidate(shared, "other/" + epoch, epoch);
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
        invalidate(prefixes, prefix, epoch);
    }

    private static void invalidate(PrefixEpochs prefixes, String prefix, long epoch) {
        byte[] bytes = bytes(prefix);
        prefixes.invalidate(new UnsafeBuffer(bytes), 0, bytes.length, epoch);
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
