package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextLogEncoderTest {
    private final LoggerContext loggers = new LoggerContext();

    @Test
    void shouldWriteALineAnEvent() {
        assertThat(encode(Level.INFO, "2026-11-21T20:04:05.007Z", "client 1 connected", null))
                .isEqualTo("2026-11-21T20:04:05.007Z INFO  [shard] Clients - client 1 connected\n");
        assertThat(encode(Level.ERROR, "2026-11-21T20:04:05Z", "it failed", null))
                .isEqualTo("2026-11-21T20:04:05.000Z ERROR [shard] Clients - it failed\n");
    }

    @Test
    void shouldLetNoMessageForgeALine() {
        assertThat(encode(Level.WARN, "2026-11-21T20:04:05Z", "key=a\r\n\n2026 ERROR\rb\n", null))
                .isEqualTo("2026-11-21T20:04:05.000Z WARN  [shard] Clients - key=a | 2026 ERROR | b | \n");
    }

    @Test
    void shouldTellWhatWasThrownBelow() {
        String text = encode(Level.WARN, "2026-11-21T20:04:05Z", "lost", new IllegalStateException("broken"));

        assertThat(text.lines()).element(0).asString().endsWith(" Clients - lost");
        assertThat(text.lines()).element(1).asString().isEqualTo("java.lang.IllegalStateException: broken");
        assertThat(text).endsWith("\n");
    }

    private String encode(Level level, String time, String message, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(loggers);
        event.setLoggerName("io.tiercel.ingress.Clients");
        event.setLevel(level);
        event.setThreadName("shard");
        event.setInstant(Instant.parse(time));
        event.setMessage(message);
        if (thrown != null) {
            event.setThrowableProxy(new ThrowableProxy(thrown));
        }
        return new String(new TextLogEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
