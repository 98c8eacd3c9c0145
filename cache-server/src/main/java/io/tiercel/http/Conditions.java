package io.tiercel.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Judges the conditions of a GET or HEAD in the order of RFC 9110, 13.2.2. Stateless. */
final class Conditions {
    private static final long SECOND_MS = 1000;

    /** What the conditions come to. */
    enum Verdict {
        /** The request is served. */
        SERVE,
        /** The client has it already. */
        NOT_MODIFIED,
        /** The client wants another version than there is. */
        FAILED
    }

    private Conditions() {}

    /**
     * Judges all but If-Range.
     *
     * @param etag           with its quotes, empty for none.
     * @param lastModifiedMs 0 for unknown: then no condition on time counts.
     */
    static Verdict judge(HttpFields request, String etag, long lastModifiedMs) {
        if (request.contains(HttpHeader.IF_MATCH)) {
            if (!matches(request, HttpHeader.IF_MATCH, etag, true)) {
                return Verdict.FAILED;
            }
        } else if (isAfter(lastModifiedMs, dateOf(request, HttpHeader.IF_UNMODIFIED_SINCE))) {
            return Verdict.FAILED;
        }
        if (request.contains(HttpHeader.IF_NONE_MATCH)) {
            return matches(request, HttpHeader.IF_NONE_MATCH, etag, false) ? Verdict.NOT_MODIFIED : Verdict.SERVE;
        }
        long sinceMs = dateOf(request, HttpHeader.IF_MODIFIED_SINCE);
        boolean isKnown = sinceMs >= 0 && lastModifiedMs > 0;
        return isKnown && !isAfter(lastModifiedMs, sinceMs) ? Verdict.NOT_MODIFIED : Verdict.SERVE;
    }

    /** Whether ranges are to be served: unless If-Range names another version. */
    static boolean allowRanges(HttpFields request, String etag, long lastModifiedMs, long nowMs) {
        String validator = request.get(HttpHeader.IF_RANGE);
        if (validator == null) {
            return true;
        }
        if (validator.endsWith("\"")) {
            return isStrong(etag) && validator.strip().equals(etag);
        }
        // A date is a strong validator only when the object has rested for a second since.
        return lastModifiedMs > 0 && nowMs - lastModifiedMs >= SECOND_MS
                && dateOf(request, HttpHeader.IF_RANGE) == lastModifiedMs / SECOND_MS * SECOND_MS;
    }

    private static boolean isAfter(long lastModifiedMs, long dateMs) {
        return dateMs >= 0 && lastModifiedMs > 0 && lastModifiedMs / SECOND_MS > dateMs / SECOND_MS;
    }

    /** -1 for none, or one that is no date. */
    private static long dateOf(HttpFields request, HttpHeader name) {
        try {
            return request.getDateField(name);
        } catch (RuntimeException e) {
            return -1;
        }
    }

    private static boolean matches(HttpFields request, HttpHeader name, String etag, boolean isStrongly) {
        for (HttpField field : request.getFields(name)) {
            String value = field.getValue();
            if (value != null && (value.strip().equals("*") || isListed(value, etag, isStrongly))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a list of entity tags, in which commas may be part of a tag, has one that matches. */
    private static boolean isListed(String list, String etag, boolean isStrongly) {
        int at = 0;
        while (at < list.length()) {
            int open = list.indexOf('"', at);
            int close = open < 0 ? -1 : list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean isWeak = list.startsWith("W/", Math.max(at, open - 2)) && open - 2 >= at;
            String opaque = list.substring(open, close + 1);
            if (isStrongly ? !isWeak && isStrong(etag) && opaque.equals(etag) : opaque.equals(opaqueOf(etag))) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    private static boolean isStrong(String etag) {
        return etag.startsWith("\"");
    }

    private static @Nullable String opaqueOf(String etag) {
        int quote = etag.indexOf('"');
        return quote < 0 ? null : etag.substring(quote);
    }
}
