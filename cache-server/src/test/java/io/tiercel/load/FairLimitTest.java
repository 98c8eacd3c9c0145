package io.tiercel.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FairLimitTest {
    private final FairLimit limit = new FairLimit(8);

    private int takeAll(FairLimit.Part part) {
        int taken = 0;
        while (limit.tryTake(part)) {
            taken++;
        }
        return taken;
    }

    @Test
    void shouldGiveOneEverything() {
        assertThat(takeAll(limit.addPart(64))).isEqualTo(8);
    }

    @Test
    void shouldLeaveEachItsShareWhateverTheOthersTake() {
        FairLimit.Part greedy = limit.addPart(64);
        FairLimit.Part other = limit.addPart(64);

        assertThat(takeAll(greedy)).isEqualTo(6);
        assertThat(takeAll(other)).isEqualTo(2);
        assertThat(limit.used()).isEqualTo(8);
        limit.giveBack(other);
        assertThat(limit.tryTake(greedy)).isFalse();
        assertThat(limit.tryTake(other)).isTrue();
        limit.giveBack(greedy);
        assertThat(limit.tryTake(other)).isTrue();
    }

    @Test
    void shouldKeepToThePartsOwnLimit() {
        FairLimit.Part small = limit.addPart(3);
        FairLimit.Part other = limit.addPart(64);

        assertThat(takeAll(small)).isEqualTo(3);
        assertThat(takeAll(other)).isEqualTo(5);
    }

    @Test
    void shouldShareOutAnewWhenPartsComeAndGo() {
        FairLimit.Part first = limit.addPart(64);
        takeAll(first);
        FairLimit.Part second = limit.addPart(64);

        limit.giveBack(first);
        assertThat(limit.tryTake(first)).isFalse();
        assertThat(limit.tryTake(second)).isTrue();
        limit.removePart(second);
        limit.giveBack(second);
        assertThat(takeAll(first)).isEqualTo(1);
        assertThat(limit.used()).isEqualTo(8);
    }

    @Test
    void shouldServeMorePartsThanItCanBeSureOf() {
        FairLimit tight = new FairLimit(1);
        FairLimit.Part first = tight.addPart(64);
        FairLimit.Part second = tight.addPart(64);

        assertThat(tight.tryTake(first)).isTrue();
        assertThat(tight.tryTake(second)).isFalse();
        tight.giveBack(first);
        assertThat(tight.tryTake(second)).isTrue();
    }
}
