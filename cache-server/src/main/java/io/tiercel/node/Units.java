package io.tiercel.node;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as people write them: a whole number and a unit, {@code 64MiB}, {@code 250ms}. A bare 0 needs no
 * unit. Powers of ten ({@code MB}) are refused, since nobody agrees on what they mean. Stateless.
 */
public final class Units {
    static final long KIB = 1024;
    static final long MIB = 1024 * KIB;
    static final long GIB = 1024 * MIB;
    static final long TIB = 1024 * GIB;
    /** A whole, in millionths. */
    static final long ONE = 1_000_000;
    static final long SECOND_MS = 1000;
    static final long MINUTE_MS = 60 * SECOND_MS;
    static final long HOUR_MS = 60 * MINUTE_MS;
    static final long DAY_MS = 24 * HOUR_MS;

    /** What a text that is no size or duration reads as. */
    public static final long MALFORMED = -1;

    private static final Pattern FRACTION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,6})?");
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]*)");

    private Units() {}

    /** Bytes of {@code 64MiB}, or {@link #MALFORMED}. */
    public static long sizeOf(String text) {
        return parsed(text, true);
    }

    /** Milliseconds of {@code 10m}, or {@link #MALFORMED}. */
    public static long durationMsOf(String text) {
        return parsed(text, false);
    }

    /** A plain number of at most 18 digits, or {@link #MALFORMED}. */
    static long countOf(String text) {
        String digits = text.strip();
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : MALFORMED;
    }

    /** Millionths of a number with up to six decimals, or {@link #MALFORMED}. */
    static long millionthsOf(String text) {
        return FRACTION.matcher(text).matches() ? new BigDecimal(text).movePointRight(6).longValueExact() : MALFORMED;
    }

    /** The number that millionths make. */
    static String fraction(long millionths) {
        return BigDecimal.valueOf(millionths, 6).stripTrailingZeros().toPlainString();
    }

    private static long parsed(String text, boolean size) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            return MALFORMED;
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit.isEmpty()) {
            return number == 0 ? 0 : MALFORMED;
        }
        long factor = size ? bytesIn(unit) : millisecondsIn(unit);
        return factor == MALFORMED || number > Long.MAX_VALUE / factor ? MALFORMED : number * factor;
    }

    private static long bytesIn(String unit) {
        return switch (unit) {
            case "B" -> 1;
            case "KiB" -> KIB;
            case "MiB" -> MIB;
            case "GiB" -> GIB;
            case "TiB" -> TIB;
            default -> MALFORMED;
        };
    }

    private static long millisecondsIn(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> SECOND_MS;
            case "m" -> MINUTE_MS;
            case "h" -> HOUR_MS;
            case "d" -> DAY_MS;
            default -> MALFORMED;
        };
    }

    /** Bytes in the largest unit that keeps them whole; {@link #sizeOf} reads it back. */
    public static String size(long bytes) {
        if (bytes == 0) {
            return "0";
        }
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        long factor = TIB;
        for (String unit : units) {
            if (bytes % factor == 0) {
                return bytes / factor + unit;
            }
            factor /= 1024;
        }
        return bytes + "B";
    }

    /** Milliseconds in the largest unit that keeps them whole; {@link #durationMsOf} reads it back. */
    public static String duration(long milliseconds) {
        if (milliseconds == 0) {
            return "0s";
        }
        if (milliseconds % DAY_MS == 0) {
            return milliseconds / DAY_MS + "d";
        }
        if (milliseconds % HOUR_MS == 0) {
            return milliseconds / HOUR_MS + "h";
        }
        if (milliseconds % MINUTE_MS == 0) {
            return milliseconds / MINUTE_MS + "m";
        }
        return milliseconds % SECOND_MS == 0 ? milliseconds / SECOND_MS + "s" : milliseconds + "ms";
    }
}
