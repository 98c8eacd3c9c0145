package io.tiercel.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of how long its answer holds, as HTTP has it (RFC 9111, of a shared cache). Immutable.
 *
 * @param maxAgeMs how long from now, {@link #UNKNOWN_AGE} when it does not say.
 * @param mayStore whether it may be kept at all.
 */
public record CacheRules(long maxAgeMs, boolean mayStore) {
    public static final long UNKNOWN_AGE = -1;

    /** Of a store that says nothing. */
    public static final CacheRules NONE = new CacheRules(UNKNOWN_AGE, true);

    private static final long LONGEST_S = 1L << 31;

    /**
     * What the headers of an answer say, each null without one.
     *
     * @param cacheControl several fields of the name joined by commas.
     */
    public static CacheRules ofHeaders(@Nullable String cacheControl, @Nullable String age, @Nullable String expires,
            @Nullable String date) {
        long ageS = age != null && age.matches("[0-9]+") ? seconds(age) : 0;
        return of(cacheControl, ageS, expiresInMs(expires, date));
    }

    /**
     * Reads the headers' values; what is malformed counts as stale, as the RFC has it.
     *
     * @param cacheControl several fields of the name joined by commas, or null.
     * @param ageS of the answer when it came, 0 when unknown.
     * @param expiresInMs from the answer's date, {@link #UNKNOWN_AGE} without an Expires.
     */
    public static CacheRules of(@Nullable String cacheControl, long ageS, long expiresInMs) {
        long maxAgeS = UNKNOWN_AGE;
        long sharedAgeS = UNKNOWN_AGE;
        boolean mustAsk = false;
        boolean mayStore = true;
        for (String directive : cacheControl == null ? new String[0] : cacheControl.split(",", -1)) {
            int equals = directive.indexOf('=');
            String name = (equals < 0 ? directive : directive.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : directive.substring(equals + 1).strip();
            switch (name) {
                case "no-store", "private" -> mayStore = false;
                case "no-cache" -> mustAsk = true;
                case "max-age" -> maxAgeS = least(maxAgeS, seconds(value));
                case "s-maxage" -> sharedAgeS = least(sharedAgeS, seconds(value));
                default -> {
                }
            }
        }
        long lifeS = sharedAgeS == UNKNOWN_AGE ? maxAgeS : sharedAgeS;
        if (mustAsk) {
            return new CacheRules(0, mayStore);
        }
        if (lifeS != UNKNOWN_AGE) {
            return new CacheRules(Math.max(0, lifeS - ageS) * 1000, mayStore);
        }
        return new CacheRules(expiresInMs == UNKNOWN_AGE ? UNKNOWN_AGE : Math.max(0, expiresInMs - ageS * 1000),
                mayStore);
    }

    /** Of a directive that is given twice, the one that holds for less. */
    private static long least(long known, long other) {
        return known == UNKNOWN_AGE ? other : Math.min(known, other);
    }

    private static long seconds(String value) {
        String bare = value.startsWith("\"") && value.endsWith("\"") && value.length() > 1
                ? value.substring(1, value.length() - 1)
                : value;
        if (bare.isEmpty() || !bare.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return bare.length() > 10 ? LONGEST_S : Math.min(LONGEST_S, Long.parseLong(bare));
    }

    /** What is no date has expired. */
    private static long expiresInMs(@Nullable String expires, @Nullable String date) {
        if (expires == null) {
            return UNKNOWN_AGE;
        }
        Instant end = RetryAfter.dateOf(expires.strip());
        Instant said = RetryAfter.dateOf(date);
        Instant begin = said == null ? Instant.now() : said;
        return end == null ? 0 : Math.max(0, Duration.between(begin, end).toMillis());
    }
}
