package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class AdaptivePolicyTest implements EvictionPolicyContract {
    @Override
    public AdaptivePolicy policy(long capacity, long mostEntries, EvictionPolicy.Listener listener) {
        return new AdaptivePolicy(capacity, mostEntries, 42, listener);
    }

    @Test
    void shouldKeepTheHotSetThroughAFloodOfKeysAskedForOnce() {
        try (AdaptivePolicy policy = unheard(1000)) {
            requests(policy, 50_000, i -> i % 900);

            requests(policy, 500_000, i -> i % 20 == 0 ? i / 20 % 900 : 1_000_000 + i);

            assertThat(missRatio(policy, 900, i -> i)).as("the hot set after the flood").isLessThan(0.1);
        }
    }

    @Test
    void shouldKeepMostOfALoopThatDoesNotFit() {
        try (AdaptivePolicy policy = unheard(500)) {
            requests(policy, 20_000, i -> i % 600);

            assertThat(missRatio(policy, 20_000, i -> i % 600)).as("an LRU misses all").isLessThan(0.25);
        }
    }

    @Test
    void shouldFollowAWorkloadThatMovesOn() {
        Random random = new Random(3);
        try (AdaptivePolicy policy = unheard(1000)) {
            requests(policy, 20_000, i -> i % 1200);

            double moving = missRatio(policy, 100_000, i -> i / 50 + (long) (Math.abs(random.nextGaussian()) * 250));

            assertThat(moving).as("new keys are a fiftieth of the requests").isLessThan(0.06);
        }
    }

    @Test
    void shouldHoldItsOwnOnZipf() {
        Random random = new Random(5);
        try (AdaptivePolicy adaptive = unheard(1000); EvictionPolicy lru = new LruPolicy(1000, (place, delta) -> {})) {
            double[] misses = new double[2];
            for (int i = 0; i < 300_000; i++) {
                long key = (long) Math.pow(100_000, random.nextDouble());
                misses[0] += adaptive.onRequest(key, 1, 0) ? 0 : 1;
                misses[1] += lru.onRequest(key, 1, 0) ? 0 : 1;
            }

            assertThat(misses[0]).as("beside an LRU").isLessThan(0.95 * misses[1]);
        }
    }

    @Test
    void shouldPreferManySmallEntriesToAFewLargeOnes() {
        Random random = new Random(6);
        try (AdaptivePolicy policy = unheard(1_000_000)) {
            int misses = 0;
            for (int i = 0; i < 200_000; i++) {
                boolean large = random.nextInt(4) == 0;
                long key = large ? 1_000_000 + random.nextInt(1000) : random.nextInt(5000);
                misses += policy.onRequest(key, large ? 20_000 : 150, 0) ? 0 : 1;
            }

            assertThat(misses / 200_000.0).as("the small ones fit, a quarter are large").isLessThan(0.32);
        }
    }

    /** Large ones weigh sometimes more than they are worth and sometimes not: shadows overtake each other all the time. */
    @Test
    void shouldStayWithAShadowUntilAnotherIsWellAhead() {
        Random random = new Random(7);
        try (AdaptivePolicy policy = unheard(1000)) {
            for (int i = 0; i < 200_000; i++) {
                boolean large = random.nextInt(4) == 0;
                long key = large ? 1_000_000 + random.nextInt(100) : random.nextInt(1500);
                policy.onRequest(key, !large ? 1 : i / 300 % 2 == 0 ? 8 : 2, 0);
            }

            assertThat(policy.changeCount()).as("changes").isBetween(1, 20);
        }
    }

    @Test
    void shouldBoundTheRowsThatItRemembers() {
        try (AdaptivePolicy policy = unheard(1000)) {
            requests(policy, 200_000, i -> i);

            assertThat(policy.rowCount()).isLessThan(8000);
            assertThat(policy.keptCount()).isEqualTo(1000);
        }
    }

    @Test
    void shouldLeaveNoRowBehind() {
        try (AdaptivePolicy policy = unheard(1000)) {
            requests(policy, 20_000, i -> i % 3000);

            for (long hash = 0; hash < 3000; hash++) {
                policy.onRemove(hash);
            }

            assertThat(policy.rowCount()).isZero();
            assertThat(policy.keptBytes()).isZero();
        }
    }

    private AdaptivePolicy unheard(long capacity) {
        return policy(capacity, capacity, (place, delta) -> {});
    }

    private static void requests(EvictionPolicy policy, int count, IntToLongFunction keys) {
        for (int i = 0; i < count; i++) {
            policy.onRequest(keys.applyAsLong(i), 1, 0);
        }
    }

    private static double missRatio(EvictionPolicy policy, int count, IntToLongFunction keys) {
        int misses = 0;
        for (int i = 0; i < count; i++) {
            misses += policy.onRequest(keys.applyAsLong(i), 1, 0) ? 0 : 1;
        }
        return misses / (double) count;
    }
}
