package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void shouldForgetAKeyForAnotherOfItsPlace() {
        recent.add(KEY, true);

        recent.add(KEY + 1, true);

        assertThat(recent.isKnown(KEY)).isFalse();
        assertThat(recent.isKnown(KEY + 1)).isTrue();
    }

    @Test
    void shouldKnowNothingWithoutAnInterval() {
        RecentRequests none = new RecentRequests(0);

        none.add(KEY, true);

        assertThat(none.isKnown(KEY)).isFalse();
    }
}
