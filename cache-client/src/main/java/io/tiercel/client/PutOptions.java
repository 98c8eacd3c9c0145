package io.tiercel.client;

import java.util.concurrent.TimeUnit;

/**
 * What a put says besides key and bytes. Immutable and threadsafe: each method answers with a changed copy of
 * {@link #DEFAULTS}.
 */
public final class PutOptions {
    /** No content type, the mount's time to live, unconditional, the client's timeout. */
    public static final PutOptions DEFAULTS = new PutOptions("", 0L, Condition.NONE, "", 0L);

    /** Longest content type and ETag, in characters of ASCII. */
    public static final int MAX_TEXT_LENGTH = 255;

    /** What must hold for the put to happen. */
    enum Condition {
        NONE, IF_ABSENT, IF_MATCH
    }

    private final String contentType;
    private final long ttlMs;
    private final Condition condition;
    private final String etag;
    private final long timeoutNs;

    private PutOptions(String contentType, long ttlMs, Condition condition, String etag, long timeoutNs) {
        this.contentType = contentType;
        this.ttlMs = ttlMs;
        this.condition = condition;
        this.etag = etag;
        this.timeoutNs = timeoutNs;
    }

    /** The media type that readers of the frame are told, at most 255 characters of printable ASCII. */
    public PutOptions contentType(String value) {
        return new PutOptions(printableAscii("contentType", value), ttlMs, condition, etag, timeoutNs);
    }

    /** Time after which the value expires, at least a millisecond; without it the mount's holds. */
    public PutOptions ttl(long amount, TimeUnit unit) {
        long value = unit.toMillis(amount);
        if (value < 1) {
            throw new IllegalArgumentException("ttl=" + amount + " " + unit + " expected at least 1 ms");
        }
        return new PutOptions(contentType, value, condition, etag, timeoutNs);
    }

    /** Refuse with ALREADY_EXISTS when the key has a value. */
    public PutOptions ifAbsent() {
        return new PutOptions(contentType, ttlMs, Condition.IF_ABSENT, "", timeoutNs);
    }

    /** Refuse with PRECONDITION_FAILED unless the key's value has this ETag, quotes included. */
    public PutOptions ifMatch(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("ifMatch is empty, expected an ETag with its quotes");
        }
        return new PutOptions(contentType, ttlMs, Condition.IF_MATCH, printableAscii("ifMatch", value), timeoutNs);
    }

    /** How long the call may take; without it the client's request timeout holds. */
    public PutOptions timeout(long amount, TimeUnit unit) {
        long value = unit.toNanos(amount);
        if (value < 1) {
            throw new IllegalArgumentException("timeout=" + amount + " " + unit + " expected more than 0");
        }
        return new PutOptions(contentType, ttlMs, condition, etag, value);
    }

    /** Empty when there is none. */
    public String contentType() {
        return contentType;
    }

    /** 0 when the mount's holds. */
    public long ttlMs() {
        return ttlMs;
    }

    Condition condition() {
        return condition;
    }

    /** Of IF_MATCH, else empty. */
    String etag() {
        return etag;
    }

    /** 0 when the client's holds. */
    public long timeoutNs() {
        return timeoutNs;
    }

    private static String printableAscii(String name, String value) {
        boolean printable = value.length() <= MAX_TEXT_LENGTH && value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        if (!printable) {
            throw new IllegalArgumentException(
                    name + "=" + value + " expected at most " + MAX_TEXT_LENGTH + " characters of printable ASCII");
        }
        return value;
    }
}
