package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServeCommandTest {
    private final Console console = new Console(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), Map.of());

    private boolean isPlain(String... arguments) {
        return ServeCommand.tryOf(console, List.of(arguments)) != null;
    }

    @Test
    void shouldReadPlainOptionsItself() {
        assertThat(isPlain()).isTrue();
        assertThat(isPlain("--dir", "d", "--heap=1MiB", "--mapped", "64MiB", "--udp=off", "--http", "off")).isTrue();
        assertThat(isPlain("--mount", "a=cache:", "--mount=b=file:///x?y=z#ttl=1m", "--config", "f", "--profile",
                "compact", "--log", "json", "--json", "--verbose")).isTrue();
    }

    @Test
    void shouldLeaveAllElseToPicocli() {
        assertThat(isPlain("--help")).isFalse();
        assertThat(isPlain("-h")).isFalse();
        assertThat(isPlain("--dri", "d")).isFalse();
        assertThat(isPlain("d")).isFalse();
        assertThat(isPlain("--dir")).isFalse();
        assertThat(isPlain("--dir=")).isFalse();
        assertThat(isPlain("--dir", "--heap")).isFalse();
        assertThat(isPlain("--dir", "a", "--dir", "b")).isFalse();
        assertThat(isPlain("--log", "text", "--log", "json")).isFalse();
        assertThat(isPlain("@arguments")).isFalse();
        assertThat(isPlain("--dir", "@arguments")).isFalse();
        assertThat(isPlain("--dir", "\"quoted\"")).isFalse();
        assertThat(isPlain("--json=true")).isFalse();
    }
}
