package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Field {@code Tiercel-Ttl}: how long a put's value may be served, as {@code 250ms}, {@code 30s}, {@code 10m}. */
final class Ttl {
    static final String FIELD = "Tiercel-Ttl";

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\s*(ms|s|m|h|d)");
    private static final long LONGEST_MS = 100L * 365 * 24 * 60 * 60 * 1000;

    private Ttl() {}

    /**
     * Milliseconds, more than 0 and at most a hundred years.
     *
     * @throws TiercelException with INVALID_ARGUMENT.
     */
    static long parseMs(String value) {
        Matcher matcher = FORM.matcher(value.strip());
        if (matcher.matches()) {
            long unitMs = switch (matcher.group(2)) {
                case "ms" -> 1;
                case "s" -> 1000;
                case "m" -> 60_000;
                case "h" -> 3_600_000;
                default -> 86_400_000;
            };
            long ttlMs = Long.parseLong(matcher.group(1)) * unitMs;
            if (ttlMs > 0 && ttlMs <= LONGEST_MS) {
                return ttlMs;
            }
        }
        throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                FIELD + "=" + value + ": expected a number above 0 with ms, s, m, h or d, as in 10m");
    }
}
