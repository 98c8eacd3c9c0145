package io.tiercel.storage.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Content-Range header says.
 *
 * @param first position of the first byte, -1 where there is none (416).
 * @param last position of the last byte, inclusive.
 * @param total length of the object, -1 when the server does not say.
 */
record ContentRange(long first, long last, long total) {
    private static final Pattern PATTERN = Pattern
            .compile("bytes\\s+(?:\\*|([0-9]{1,18})-([0-9]{1,18}))/(?:\\*|([0-9]{1,18}))");

    /** Null when the header is missing or malformed. */
    static @Nullable ContentRange of(@Nullable String header) {
        Matcher matcher = PATTERN.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            return null;
        }
        ContentRange range = new ContentRange(number(matcher.group(1)), number(matcher.group(2)),
                number(matcher.group(3)));
        return range.first <= range.last && (range.total < 0 || range.last < range.total) ? range : null;
    }

    long length() {
        return last - first + 1;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? -1 : Long.parseLong(digits);
    }
}
