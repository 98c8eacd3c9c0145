package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every policy of entries promises. */
interface EvictionPolicyContract {
    EvictionPolicy policy(long capacity, long mostEntries, EvictionPolicy.Listener listener);

    /** Requests until rows, chunks and lists have found their size. */
    int WARM_UP = 300_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    default void shouldTellExactlyWhatIsKept(long seed) {
        Random random = new Random(seed);
        long[] heard = new long[8];
        try (EvictionPolicy policy = policy(1000, 200, (place, delta) -> heard[place] += delta)) {
            Map<Long, long[]> told = new HashMap<>();
            for (int step = 0; step < 20_000; step++) {
                long hash = random.nextInt(120) - 40L;
                int place = random.nextInt(heard.length);
                switch (random.nextInt(20)) {
                    case 0 -> {
                        policy.onRemove(hash);
                        told.remove(hash);
                    }
                    case 1, 2 -> {
                        if (policy.isKept(hash)) {
                            told.computeIfPresent(hash, (key, was) -> new long[]{was[0], place});
                        }
                        policy.onMoved(hash, place);
                    }
                    case 3 -> policy.capacity(step % 7 == 0 ? 1L + random.nextInt(2000) : 1000);
                    default -> {
                        boolean kept = policy.isKept(hash);
                        long weight = 1L + random.nextInt(random.nextInt(30) == 0 ? 3000 : 100);
                        assertThat(policy.onRequest(hash, weight, place)).isEqualTo(kept);
                        told.put(hash, new long[]{weight, place});
                    }
                }

                check(policy, told, heard, "seed=" + seed + " step=" + step);
            }
        }
    }

    private static void check(EvictionPolicy policy, Map<Long, long[]> told, long[] heard, String when) {
        long[] expected = new long[heard.length];
        long bytes = 0;
        long count = 0;
        for (Map.Entry<Long, long[]> entry : told.entrySet()) {
            if (policy.isKept(entry.getKey())) {
                bytes += entry.getValue()[0];
                count++;
                expected[(int) entry.getValue()[1]] += entry.getValue()[0];
            }
        }
        assertThat(heard).as(when).isEqualTo(expected);
        assertThat(policy.keptBytes()).as(when).isEqualTo(bytes).isLessThanOrEqualTo(policy.capacity());
        assertThat(policy.keptCount()).as(when).isEqualTo(count);
    }

    @Test
    default void shouldKeepWhatFits() {
        try (EvictionPolicy policy = policy(3, 3, (place, delta) -> {})) {
            assertThat(policy.onRequest(0, 1, 0)).isFalse();
            assertThat(policy.onRequest(-1, 1, 0)).isFalse();
            assertThat(policy.onRequest(Long.MIN_VALUE, 1, 0)).isFalse();

            assertThat(policy.onRequest(0, 1, 0)).isTrue();
            assertThat(policy.isKept(-1)).isTrue();
            assertThat(policy.isKept(Long.MIN_VALUE)).isTrue();
            assertThat(policy.isKept(1)).isFalse();
        }
    }

    @Test
    default void shouldNotKeepWhatIsAboveTheCapacity() {
        try (EvictionPolicy policy = policy(10, 10, (place, delta) -> {})) {
            policy.onRequest(1, 4, 0);

            assertThat(policy.onRequest(2, 11, 0)).isFalse();
            assertThat(policy.isKept(2)).isFalse();
            assertThat(policy.isKept(1)).as("the other is spared").isTrue();
            assertThat(policy.onRequest(1, 11, 0)).as("it was kept before it grew").isTrue();
            assertThat(policy.keptBytes()).isZero();
        }
    }

    @Test
    default void shouldKnowThePlacesOfMany() {
        int count = 10_000;
        long[] heard = new long[7];
        try (EvictionPolicy policy = policy(count, count, (place, delta) -> heard[place] += delta)) {
            for (int hash = 0; hash < count; hash++) {
                policy.onRequest(hash, 1, hash % heard.length);
            }
            assertThat(policy.keptCount()).isEqualTo(count);

            for (int hash = 0; hash < count; hash++) {
                policy.onRemove(hash);
            }

            assertThat(heard).containsOnly(0);
        }
    }

    @Test
    default void shouldForgetWhatIsGone() {
        try (EvictionPolicy policy = policy(10, 10, (place, delta) -> {})) {
            policy.onRequest(1, 4, 0);

            policy.onRemove(1);
            policy.onRemove(1);

            assertThat(policy.isKept(1)).isFalse();
            assertThat(policy.onRequest(1, 4, 0)).isFalse();
            assertThat(policy.keptBytes()).isEqualTo(4);
        }
    }

    @Test
    default void shouldDecideTheSameForTheSameRequests() {
        try (EvictionPolicy first = policy(500, 100, (place, delta) -> {});
                EvictionPolicy second = policy(500, 100, (place, delta) -> {})) {
            Random random = new Random(11);
            for (int i = 0; i < 50_000; i++) {
                long hash = (long) (random.nextGaussian() * 200);
                long weight = 1 + (hash & 7);
                assertThat(first.onRequest(hash, weight, 0)).isEqualTo(second.onRequest(hash, weight, 0));
            }
        }
    }

    @Test
    default void shouldAllocateNothingInTheSteadyState() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (EvictionPolicy policy = policy(2000, 2000, (place, delta) -> {})) {
            long state = requests(policy, 1, WARM_UP);
            long before = threads.getCurrentThreadAllocatedBytes();

            requests(policy, state, 100_000);

            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes in 100,000 requests").isLessThan(64 * 1024);
        }
    }

    private static long requests(EvictionPolicy policy, long state, int count) {
        long x = state;
        for (int i = 0; i < count; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            policy.onRequest(x & (i % 3 == 0 ? 0xFFF : 0x3FF), 1 + (x >>> 60), 0);
        }
        return x;
    }

    @Test
    default void shouldRefuseWhatMakesNoSense() {
        try (EvictionPolicy policy = policy(10, 10, (place, delta) -> {})) {
            assertThatThrownBy(() -> policy.onRequest(1, 0, 0)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weight=0");
            assertThatThrownBy(() -> policy.capacity(0)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("capacity=0");
        }
    }
}
