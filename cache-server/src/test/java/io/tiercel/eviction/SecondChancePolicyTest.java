package io.tiercel.eviction;

import static io.tiercel.eviction.SegmentPolicy.NO_VICTIM;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecondChancePolicyTest {
    private final SecondChancePolicy policy = new SecondChancePolicy(16);

    @Test
    void shouldGiveUpTheOldest() {
        seal(3);
        seal(1);
        seal(2);

        assertThat(policy.nextVictim(slot -> true)).isEqualTo(3);
    }

    @Test
    void shouldSpareOnceWhatWasRead() {
        seal(3);
        seal(1);
        policy.onHit(3);

        assertThat(policy.nextVictim(slot -> true)).isEqualTo(1);
        policy.onReclaimed(1);
        assertThat(policy.nextVictim(slot -> true)).as("not read since").isEqualTo(3);
    }

    @Test
    void shouldGiveUpTheOldestWhenAllWereRead() {
        seal(3);
        seal(1);
        policy.onHit(3);
        policy.onHit(1);

        assertThat(policy.nextVictim(slot -> true)).isEqualTo(3);
    }

    @Test
    void shouldGiveUpFirstWhatHoldsNothing() {
        seal(3);
        seal(1);
        policy.onHit(1);
        policy.onDead(1, 100);

        assertThat(policy.nextVictim(slot -> true)).isEqualTo(1);
    }

    @Test
    void shouldPickOnlyWhatMayBePicked() {
        seal(3);
        seal(1);

        assertThat(policy.nextVictim(slot -> slot == 1)).isEqualTo(1);
        assertThat(policy.nextVictim(slot -> false)).isEqualTo(NO_VICTIM);
    }

    @Test
    void shouldForgetTheReclaimed() {
        seal(3);
        policy.onReclaimed(3);

        assertThat(policy.nextVictim(slot -> true)).isEqualTo(NO_VICTIM);
    }

    private void seal(int slot) {
        policy.onLive(slot, 100);
        policy.onSealed(slot);
    }
}
