package io.tiercel.storage;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What a server asks by the Retry-After header of HTTP. Stateless. */
public final class RetryAfter {
    /** A server that asks for more than a day is not believed. */
    private static final long MAX_MS = Duration.ofDays(1).toMillis();

    private RetryAfter() {}

    /**
     * Milliseconds to wait, at most a day; 0 where it asks nothing, or what it asks makes no sense.
     *
     * @param header seconds, or a date of HTTP; null without one.
     */
    public static int ms(@Nullable String header, Instant now) {
        if (header == null) {
            return 0;
        }
        String text = header.strip();
        if (text.matches("[0-9]{1,9}")) {
            return bounded(1000 * Long.parseLong(text));
        }
        Instant when = dateOf(text);
        return when == null ? 0 : bounded(when.toEpochMilli() - now.toEpochMilli());
    }

    /** A date as HTTP spells it; null when it is none. */
    public static @Nullable Instant dateOf(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int bounded(long ms) {
        return Math.clamp(ms, 0, (int) MAX_MS);
    }
}
