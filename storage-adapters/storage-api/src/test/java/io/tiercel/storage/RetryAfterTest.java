package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00.250Z");

    @ParameterizedTest
    @CsvSource({"7,7000", "' 7 ',7000", "0,0", "86400,86400000", "999999999,86400000"})
    void shouldTakeSeconds(String header, int ms) {
        assertThat(RetryAfter.ms(header, NOW)).isEqualTo(ms);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Fri, 20 Nov 2026 08:01:00 GMT|59750", "Fri, 20 Nov 2026 07:00:00 GMT|0",
        "Sat, 20 Nov 2027 08:00:00 GMT|86400000"})
    void shouldTakeDates(String header, int ms) {
        assertThat(RetryAfter.ms(header, NOW)).isEqualTo(ms);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "-1", "1.5", "9999999999", "Fri, 99 Nov 2026 08:00:00 GMT"})
    void shouldTakeWhatMakesNoSenseForNothing(String header) {
        assertThat(RetryAfter.ms(header, NOW)).isZero();
    }

    @Test
    void shouldReadADate() {
        assertThat(RetryAfter.dateOf("Fri, 20 Nov 2026 08:01:00 GMT")).isEqualTo("2026-11-20T08:01:00Z");
        assertThat(RetryAfter.dateOf("yesterday")).isNull();
        assertThat(RetryAfter.dateOf(null)).isNull();
    }
}
