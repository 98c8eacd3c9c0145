package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.tiercel.Key;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What invalidations by prefix cost, and that they hold, on one store. The cost is counted, not timed: bytes allocated,
 * prefixes remembered, bytes of the journal.
 */
class StorePrefixTest {
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int FEW_KEYS = 1_000;
    private static final int MANY_KEYS = IS_FULL ? 1_000_000 : 50_000;
    private static final int DISTINCT_PREFIXES = IS_FULL ? 1_000_000 : 60_000;
    private static final int INVALIDATIONS = IS_FULL ? 100_000 : 10_000;
    private static final int WARM_UP = 1_000;
    /** What the compiler may save or not, and far less than a byte a key. */
    private static final long ALLOWANCE_BYTES = 512;

    @TempDir
    Path dir;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Cost(long invalidationBytes, long countBytes) {}

    @Test
    void shouldCostTheSameWhateverLiesUnderThePrefix() {
        Cost few = cost("few", FEW_KEYS);
        Cost many = cost("many", MANY_KEYS);

        assertThat(many.invalidationBytes()).as("bytes allocated by an invalidation")
                .isCloseTo(few.invalidationBytes(), within(ALLOWANCE_BYTES));
        assertThat(many.countBytes()).as("bytes allocated by counting")
                .isCloseTo(few.countBytes(), within(ALLOWANCE_BYTES));
    }

    private Cost cost(String name, int keys) {
        long capacity = IS_FULL ? 2560 * StoreFixture.MIB : 128 * StoreFixture.MIB;
        try (StoreFixture fixture = new StoreFixture(dir.resolve(name), capacity, 0)) {
            for (int i = 0; i < keys; i++) {
                fixture.put("lake/part/" + i, new byte[1]);
            }
            fixture.put("elsewhere", new byte[1]);
            long entries = 0;
            for (int i = 0; i < WARM_UP; i++) {
                fixture.store.invalidatePrefix(Key.of("warm/" + i));
                entries = fixture.store.snapshot().mapped().entries();
            }
            assertThat(entries).isEqualTo(keys + 1L);
            Key prefix = Key.of("lake/part");

            long before = threads.getCurrentThreadAllocatedBytes();
            fixture.store.invalidatePrefix(prefix);
            long invalidated = threads.getCurrentThreadAllocatedBytes();
            entries = fixture.store.snapshot().mapped().entries();
            long counted = threads.getCurrentThreadAllocatedBytes();

            assertThat(entries).as("dead frames count until they are swept").isEqualTo(keys + 1L);
            for (int i = 0; i < keys; i += keys / 100) {
                assertThat(fixture.bytes("lake/part/" + i)).isNull();
            }
            assertThat(fixture.bytes("elsewhere")).isNotNull();
            fixture.turn(keys / 16 + 1_000);
            assertThat(fixture.store.snapshot().mapped().entries()).as("swept").isEqualTo(1);
            return new Cost(invalidated - before, counted - invalidated);
        }
    }

    @Test
    void shouldKeepPrefixesAndJournalBoundedWhateverTheirNumber() throws IOException {
        int most = 1024;
        StoreContext context = new StoreContext().dir(dir).mappedCapacity(16 * StoreFixture.MIB)
                .heapCapacity(0).maxPrefixes(most);
        Path journal = new StorePaths(dir).journal();
        long longest = 0;
        long appended = 0;
        try (StoreFixture fixture = new StoreFixture(context)) {
            fixture.put("many/3/key", "old");
            fixture.put("kept/key", "kept");
            for (int i = 0; i < DISTINCT_PREFIXES; i++) {
                String prefix = "many/" + i + "/with-a-longer-name";
                fixture.store.invalidatePrefix(Key.of(i == 3 ? "many/3" : prefix));
                appended += prefix.length();
                if (i % 100 == 0) {
                    fixture.turn(10);
                    longest = Math.max(longest, Files.size(journal));
                    assertThat(fixture.store.snapshot().prefixes()).isLessThanOrEqualTo(most);
                }
            }

            assertThat(fixture.get("many/3/key")).isNull();
            assertThat(fixture.get("kept/key")).isEqualTo("kept");
            fixture.reopen();
            assertThat(fixture.get("many/3/key")).as("after a restart").isNull();
        }
        assertThat(longest).as("length of the journal, reserved space with it").isLessThan(3 * StoreFixture.MIB);
        assertThat(appended).as("names alone that went into it").isGreaterThan(longest / 3);
    }

    @Test
    void shouldReadWithoutAllocationWhileNestedPrefixesAreInvalidated() {
        String[] names = new String[64];
        UnsafeBuffer[] keys = new UnsafeBuffer[names.length];
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int i = 0; i < names.length; i++) {
                names[i] = "a/b/c/d/e/f/g/" + i + "/key";
                keys[i] = new UnsafeBuffer(names[i].getBytes(StandardCharsets.UTF_8));
            }
            long allocated = 0;
            long reads = 0;
            int hits = 0;
            for (int round = -50; round < 200; round++) {
                for (String name : names) {
                    fixture.put(name, "value");
                }
                invalidateNested(fixture, round);
                long before = threads.getCurrentThreadAllocatedBytes();
                int found = 0;
                for (int i = 0; i < 1_000; i++) {
                    UnsafeBuffer key = keys[i % keys.length];
                    found += fixture.store.find(key, 0, key.capacity(), fixture.view) ? 1 : 0;
                }
                long bytes = threads.getCurrentThreadAllocatedBytes() - before;
                if (round >= 0) {
                    allocated += bytes;
                    reads += 1_000;
                    hits += found;
                }
            }

            assertThat((double) allocated / reads).as("bytes a read").isLessThan(0.5);
            assertThat((long) hits).as("some found, some invalidated").isBetween(reads / 10, reads * 9 / 10);
        }
    }

    /** What is above some keys, beside all of them, and overlapping with both. */
    private static void invalidateNested(StoreFixture fixture, int round) {
        for (int i = 0; i < 40; i++) {
            fixture.store.invalidatePrefix(Key.of("a/b/c/d/e/f/g/" + i % 32));
            fixture.store.invalidatePrefix(Key.of("a/b/c/d/e/f/g/" + i % 32 + "/key"));
            fixture.store.invalidatePrefix(Key.of("a/b/c/d/e/f/gg/" + round + "/" + i));
            fixture.store.invalidatePrefix(Key.of("a/b/c/d/ee"));
            fixture.store.invalidatePrefix(Key.of("a/b/cc/" + i));
        }
        if (round % 8 == 0) {
            fixture.store.invalidatePrefix(Key.of("a/b/c"));
            fixture.store.invalidatePrefix(Key.of("a"));
        }
    }

    @Test
    void shouldServeNothingOlderThanAnAcknowledgedInvalidationByAnyNestedPrefix() {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
        Random random = new Random(seed);
        String[] prefixes = {"a", "a/b", "a/b/c", "a/bb", "a/b/cc", "b"};
        String[] names = {"a/b/c/k", "a/b/cc/k", "a/bb/k", "a/k", "b/c/k", "c/k"};
        long[] floors = new long[names.length];
        int hits = 0;
        StoreContext context = new StoreContext().dir(dir).mappedCapacity(16 * StoreFixture.MIB)
                .heapCapacity(StoreFixture.MIB).maxPrefixes(64);
        try (StoreFixture fixture = new StoreFixture(context)) {
            for (long version = 1; version <= INVALIDATIONS; version++) {
                int put = random.nextInt(names.length);
                fixture.put(names[put], ByteBuffer.allocate(Long.BYTES).putLong(version).array());
                String prefix = random.nextInt(4) == 0
                        ? "noise/" + random.nextInt(1000)
                        : prefixes[random.nextInt(prefixes.length)];
                fixture.store.invalidatePrefix(Key.of(prefix));
                for (int i = 0; i < names.length; i++) {
                    if (Key.of(names[i]).isCoveredBy(Key.of(prefix))) {
                        floors[i] = version + 1;
                    }
                }
                int read = random.nextInt(names.length);
                byte[] found = fixture.bytes(names[read]);
                if (found != null) {
                    hits++;
                    assertThat(ByteBuffer.wrap(found).getLong()).as("seed=%d version=%d %s", seed, version, names[read])
                            .isGreaterThanOrEqualTo(floors[read]);
                }
                if (random.nextInt(8) == 0) {
                    fixture.turn(random.nextInt(20));
                }
            }
        }
        assertThat(hits).as("seed=%d hits", seed).isPositive();
    }
}
