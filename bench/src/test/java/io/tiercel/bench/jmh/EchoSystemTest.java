package io.tiercel.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EchoSystemTest {
    @Test
    void shouldEchoWhatWasAsked() {
        try (EchoPath echo = EchoPath.open(60, 4096)) {
            assertThat(IntStream.range(0, 1000)).allMatch(i -> echo.read());
        }
    }

    @Test
    void shouldRefuseWhatOneMessageDoesNotTake() {
        assertThatThrownBy(() -> EchoPath.open(60, 1 << 20)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=1048576 expected at most");
    }
}
