package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"0,0", "5B,5", "1KiB,1024", "64MiB,67108864", "8GiB,8589934592", "64TiB,70368744177664"})
    void shouldReadSizeAndWriteItBack(String text, long bytes) {
        assertThat(Units.sizeOf(text)).isEqualTo(bytes);
        assertThat(Units.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0s,0", "250ms,250", "30s,30000", "10m,600000", "2h,7200000", "3650d,315360000000"})
    void shouldReadDurationAndWriteItBack(String text, long milliseconds) {
        assertThat(Units.durationMsOf(text)).isEqualTo(milliseconds);
        assertThat(Units.duration(milliseconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1B", "1.5GiB", "1MB", "1mib", "MiB", "9999999999999999999B",
        "999999999999999TiB", "1 MiB x"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThat(Units.sizeOf(text)).isEqualTo(Units.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "1.5s", "1M", "1sec", "s", "99999999999999999d"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertThat(Units.durationMsOf(text)).isEqualTo(Units.MALFORMED);
    }
}
