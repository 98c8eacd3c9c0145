package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import org.jspecify.annotations.Nullable;

/**
 * A put before its bytes. Immutable.
 *
 * @param length      exact bytes of payload
 * @param contentType empty for none
 * @param ttlMs       0 for the mount's
 * @param ifMatch     with {@link PutCondition#IF_MATCH}, a field value as RFC 9110 has it: {@code *}, or quoted tags
 *                    parted by commas; else empty
 * @param timeoutMs   until the put is open; and again from commit to its outcome
 */
public record PutRequest(Key key, long length, String contentType, long ttlMs, PutCondition condition, String ifMatch,
        long timeoutMs) {

    /** Why this put may not replace a value with this ETag (null: there is no value); null when it may. */
    public @Nullable ErrorCode refusalOver(@Nullable String currentEtag) {
        return switch (condition) {
            case NONE -> null;
            case IF_ABSENT -> currentEtag == null ? null : ErrorCode.ALREADY_EXISTS;
            case IF_MATCH -> currentEtag != null && isMatchedBy(currentEtag) ? null : ErrorCode.PRECONDITION_FAILED;
        };
    }

    /** Strong comparison: a weak tag matches nothing. A tag may hold commas, so quotes are what parts the list. */
    private boolean isMatchedBy(String etag) {
        if (ifMatch.strip().equals("*")) {
            return true;
        }
        int at = 0;
        while (at < ifMatch.length()) {
            int open = ifMatch.indexOf('"', at);
            int close = open < 0 ? -1 : ifMatch.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean isWeak = open >= 2 && ifMatch.startsWith("W/", open - 2);
            if (!isWeak && !etag.startsWith("W/") && etag.equals(ifMatch.substring(open, close + 1))) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }
}
