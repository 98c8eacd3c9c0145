package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void shouldGoOnWithTheClockOfADirectoryWhateverTheWallClockSaysByNow() {
        long beforeMs = 1_000_000_000L;
        long passedNs = 5_000_000_000L;
        long hourMs = 3_600_000L;

        assertThat(NodeClock.startMs(beforeMs, passedNs, true, beforeMs + 5_000)).isEqualTo(beforeMs + 5_000);
        assertThat(NodeClock.startMs(beforeMs, passedNs, true, beforeMs + hourMs)).isEqualTo(beforeMs + 5_000);
        assertThat(NodeClock.startMs(beforeMs, passedNs, true, beforeMs - hourMs)).isEqualTo(beforeMs + 5_000);
    }

    @Test
    void shouldNotGoBackAfterAnotherBoot() {
        long beforeMs = 1_000_000_000L;

        assertThat(NodeClock.startMs(beforeMs, 5, false, beforeMs - 3_600_000L)).isEqualTo(beforeMs);
        assertThat(NodeClock.startMs(beforeMs, 5, false, beforeMs + 3_600_000L)).isEqualTo(beforeMs + 3_600_000L);
    }

    @Test
    void shouldNotBelieveADamagedClock() {
        assertThat(NodeClock.startMs(Long.MAX_VALUE, 5, true, 7L)).isEqualTo(7L);
        assertThat(NodeClock.startMs(0L, 5, true, 7L)).isEqualTo(7L);
        assertThat(NodeClock.startMs(-1L, 5, true, 7L)).isEqualTo(7L);
    }

    @Test
    void shouldFollowTheStoreOfItsDirectory(@TempDir Path dir) {
        NodeClock clock = NodeClock.of(dir);
        StoreContext context = new StoreContext().dir(dir).mappedCapacity(16 << 20)
                .clock(new AheadClock(clock));
        TieredStore.open(context.conclude()).close();

        long nowMs = NodeClock.of(dir).nowMs();

        assertThat(nowMs).isGreaterThan(System.currentTimeMillis() + AheadClock.BY_MS / 2);
    }

    /** As if the wall clock had been set back by an hour since. */
    private record AheadClock(Clock clock) implements Clock {
        private static final long BY_MS = 3_600_000L;

        @Override
        public long nowMs() {
            return clock.nowMs() + BY_MS;
        }

        @Override
        public long nowNs() {
            return clock.nowNs();
        }
    }
}
