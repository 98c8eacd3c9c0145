package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a request, all of them known and each given once: a typo must not pass, nor a {@code ?} that was meant
 * to be part of a key.
 */
final class Query {
    private final Map<String, String> values = new HashMap<>();

    private Query() {}

    /**
     * Takes a raw query apart.
     *
     * @throws TiercelException with INVALID_ARGUMENT, naming the parameter.
     */
    static Query of(@Nullable String raw, Set<String> known) {
        Query query = new Query();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = PercentCoding.decode(equals < 0 ? part : part.substring(0, equals),
                    ErrorCode.INVALID_ARGUMENT);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            if (!known.contains(name)) {
                throw refused("unknown parameter " + printable(name) + ": takes " + (known.isEmpty() ? "none" : known)
                        + "; a '?' in a key is %3F");
            }
            if (value.indexOf('+') >= 0) {
                throw refused(name + " holds a '+', which some read as a space: write %2B or %20");
            }
            if (query.values.put(name, PercentCoding.decode(value, ErrorCode.INVALID_ARGUMENT)) != null) {
                throw refused(name + " is given more than once");
            }
        }
        return query;
    }

    @Nullable
    String value(String name) {
        return values.get(name);
    }

    int count() {
        return values.size();
    }

    /** Whether a parameter is {@code true}; absent is false, anything but the two words is refused. */
    boolean isTrue(String name) {
        String value = values.getOrDefault(name, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(name + "=" + printable(value) + ": expected true or false");
        };
    }

    private static TiercelException refused(String message) {
        return new TiercelException(ErrorCode.INVALID_ARGUMENT, message);
    }

    private static String printable(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
