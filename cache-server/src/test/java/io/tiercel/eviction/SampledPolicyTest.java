package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/** The policy where its shadows see but a part of the keys, which else needs many more entries. */
class SampledPolicyTest implements EvictionPolicyContract {
    private static final int MOST_SAMPLED = 64;
    private static final int ENTRIES = 10_000;

    @Override
    public AdaptivePolicy policy(long capacity, long mostEntries, EvictionPolicy.Listener listener) {
        return new AdaptivePolicy(capacity, mostEntries, 42, listener, MOST_SAMPLED);
    }

    @Test
    void shouldFollowAllKeysWhereFewAreKept() {
        try (AdaptivePolicy policy = policy(ENTRIES, Shadows.MOST_SAMPLED)) {
            misses(policy, ENTRIES, i -> i);

            assertThat(policy.sampleRate()).isEqualTo(1);
        }
    }

    @Test
    void shouldRememberNextToNothingForShadowsOfMany() {
        try (AdaptivePolicy policy = policy(ENTRIES, 512)) {
            misses(policy, 4 * ENTRIES, i -> i % ENTRIES);

            assertThat(policy.keptCount()).isEqualTo(ENTRIES);
            assertThat(policy.sampleRate()).as("of 512 at most").isEqualTo(32);
            assertThat(policy.rowCount()).as("rows").isBetween(ENTRIES + 100, ENTRIES + 1_000);
        }
    }

    /** With room for all, so that no rule lets go of a row by itself. */
    @Test
    void shouldGiveUpRowsThatAreOfTheSampleNoMore() {
        try (AdaptivePolicy policy = policy(100 * ENTRIES, 512)) {
            misses(policy, 4 * ENTRIES, i -> i % ENTRIES);

            assertThat(policy.keptCount()).isEqualTo(ENTRIES);
            assertThat(policy.sampleRate()).isEqualTo(32);
            assertThat(policy.rowCount() - ENTRIES).as("rows of shadows").isBetween(ENTRIES / 64, ENTRIES / 20);
        }
    }

    @Test
    void shouldFollowMoreKeysAgainWhereFewerAreKept() {
        try (AdaptivePolicy policy = policy(ENTRIES, 512)) {
            misses(policy, 4 * ENTRIES, i -> i % ENTRIES);

            policy.capacity(300);
            misses(policy, 4 * ENTRIES, i -> i % ENTRIES);

            assertThat(policy.sampleRate()).isLessThan(8);
        }
    }

    /** What a loop does to the other rules is seen in a sample of it as well. */
    @Test
    void shouldFindTheRuleForALoopInASampleOfItsKeys() {
        try (AdaptivePolicy policy = policy(ENTRIES, 512)) {
            misses(policy, 40 * ENTRIES, i -> i % (ENTRIES * 6 / 5));

            int missed = misses(policy, 10 * ENTRIES, i -> i % (ENTRIES * 6 / 5));

            assertThat(missed / (10.0 * ENTRIES)).as("an LRU misses all").isLessThan(0.25);
        }
    }

    private static AdaptivePolicy policy(long capacity, int mostSampled) {
        return new AdaptivePolicy(capacity, capacity, 42, (place, delta) -> {}, mostSampled);
    }

    private static int misses(EvictionPolicy policy, int count, IntToLongFunction keys) {
        int misses = 0;
        for (int i = 0; i < count; i++) {
            misses += policy.onRequest(keys.applyAsLong(i), 1, 0) ? 0 : 1;
        }
        return misses;
    }
}
