package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeClockTest {
    @Test
    void shouldTellTheWallClockAtItsStartAndNeverGoBack() {
        long wallMs = System.currentTimeMillis();
        NodeClock clock = new NodeClock();

        long before = clock.nowMs();
        assertThat(before).isBetween(wallMs, wallMs + 60_000);
        for (int i = 0; i < 10_000; i++) {
            long now = clock.nowMs();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }
}
