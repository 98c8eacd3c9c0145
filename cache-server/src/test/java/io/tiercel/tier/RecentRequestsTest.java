package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private static final long INTERVAL_NS = 10_000_000L;
    private static final long KEY = 0x1234_5678_9ABC_DEF0L;

    private final RecentRequests recent = new RecentRequests(INTERVAL_NS);

    @Test
    void shouldKnowAKeyUntilTheIntervalIsOver() {
        recent.nowNs(1_000);
        assertThat(recent.isKnown(KEY)).isFalse();

        recent.add(KEY, true);

        assertThat(recent.isKnown(KEY)).isTrue();
        recent.nowNs(1_000 + INTERVAL_NS - 1);
        assertThat(recent.isKnown(KEY)).isTrue();
        recent.nowNs(1_000 + INTERVAL_NS);
        assertThat(recent.isKnown(KEY)).isFalse();
    }

    @Test
    void shouldRememberWhatThePolicyAnswered() {
        recent.nowNs(-77);
        recent.add(KEY, true);
        assertThat(recent.wasKept(KEY)).isTrue();

        recent.add(KEY, false);

        assertThat(recent.isKnown(KEY)).isTrue();
        assertThat(recent.wasKept(KEY)).isFalse();
    }

    /** Keys that differ in their low bits alone share a set. */
    @Test
    void shouldForgetTheKeyToldLongestAgoForAnotherOfItsSet() {
        for (int i = 0; i < 4; i++) {
            recent.nowNs(-1_000L + i);
            recent.add(KEY + i, true);
        }
        recent.nowNs(-900);
        recent.add(KEY, false);

        recent.nowNs(-800);
        recent.add(KEY + 4, true);

        assertThat(recent.isKnown(KEY + 1)).isFalse();
        for (int i : new int[]{0, 2, 3, 4}) {
            assertThat(recent.isKnown(KEY + i)).as("key %d", i).isTrue();
            assertThat(recent.wasKept(KEY + i)).as("key %d", i).isEqualTo(i != 0);
        }
    }

    /** As many hot keys as a benchmark draws from; with one key a place some 16 of them would share it. */
    @Test
    void shouldKnowSomeHundredKeysAtATime() {
        Random random = new Random(1);
        long[] keys = random.longs(256).toArray();
        for (long key : keys) {
            recent.add(key, true);
        }

        assertThat(Arrays.stream(keys).allMatch(recent::isKnown)).isTrue();
    }

    @Test
    void shouldKnowNothingWithoutAnInterval() {
        RecentRequests none = new RecentRequests(0);

        none.add(KEY, true);

        assertThat(none.isKnown(KEY)).isFalse();
    }
}
