package io.tiercel.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final long OPEN_NS = 1_000_000_000L;

    private final CircuitBreaker breaker = new CircuitBreaker(Protection.USUAL.withBreaker(3, 1_000, 2));

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.tryBegin(0), 0);
        }
    }

    @Test
    void shouldOpenAfterSoManyFailuresInARow() {
        fail(2);
        breaker.succeeded(breaker.tryBegin(0));
        fail(2);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);

        fail(1);

        assertThat(breaker.tryBegin(0)).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.retryAfterMs(OPEN_NS / 2)).isEqualTo(500);
    }

    @Test
    void shouldCloseWhenAllTrialsPass() {
        fail(3);

        long first = breaker.tryBegin(OPEN_NS);
        long second = breaker.tryBegin(OPEN_NS);
        assertThat(breaker.tryBegin(OPEN_NS)).isEqualTo(CircuitBreaker.REFUSED);
        breaker.succeeded(first);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        breaker.succeeded(second);

        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void shouldOpenAnewWhenATrialFails() {
        fail(3);

        breaker.failed(breaker.tryBegin(OPEN_NS), OPEN_NS);

        assertThat(breaker.tryBegin(2 * OPEN_NS - 1)).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.tryBegin(2 * OPEN_NS)).isNotEqualTo(CircuitBreaker.REFUSED);
    }

    @Test
    void shouldHaveTrialsBackWhateverBecomesOfThem() {
        fail(3);

        for (int i = 0; i < 100; i++) {
            long ticket = breaker.tryBegin(OPEN_NS);
            assertThat(ticket).isNotEqualTo(CircuitBreaker.REFUSED);
            breaker.abandoned(ticket);
        }

        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    }

    @Test
    void shouldNotHeedWhatBeganInAnEarlierState() {
        long early = breaker.tryBegin(0);
        fail(3);
        long trial = breaker.tryBegin(OPEN_NS);

        breaker.succeeded(early);
        breaker.failed(early, OPEN_NS);
        breaker.abandoned(early);

        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        breaker.succeeded(trial);
        breaker.succeeded(breaker.tryBegin(OPEN_NS));
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void shouldOpenWhenBodiesBreakOffThoughTheyOpenWell() {
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
            breaker.succeeded(breaker.tryBegin(0));
            breaker.bodyFailed(0);
        }

        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void shouldCountBodiesInARow() {
        for (int i = 0; i < 10; i++) {
            breaker.bodyFailed(0);
            breaker.bodySucceeded();
        }

        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }
}
