package io.tiercel;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as programs tell it apart: the same in the client library, on the wire, over HTTP and in exit
 * codes. A number is never reused. Threadsafe.
 */
public enum ErrorCode {
    /** An argument or message is out of range or malformed. */
    INVALID_ARGUMENT(1, Category.ERROR),
    /** The key is not a legal path, or names the wrong kind of thing (a folder where an object is meant). */
    INVALID_KEY(2, Category.ERROR),
    /** A setting is unknown, malformed or contradicts another. */
    BAD_CONFIGURATION(3, Category.FATAL),
    /** No credentials, or wrong ones. */
    UNAUTHENTICATED(4, Category.ERROR),
    /** Our own rules forbid it. */
    FORBIDDEN(5, Category.ERROR),
    /** Definitely not there: no such object, or no mount covers the key. */
    NOT_FOUND(6, Category.WARN),
    /** The store behind the key cannot do this. */
    NOT_SUPPORTED(7, Category.ERROR),
    /** A folder still has entries. */
    NOT_EMPTY(8, Category.ERROR),
    /** If-Match did not hold. */
    PRECONDITION_FAILED(9, Category.WARN),
    /** There is a value already, and overwriting was not asked for. */
    ALREADY_EXISTS(10, Category.WARN),
    /** Larger than the limit named in the message. */
    TOO_LARGE(11, Category.ERROR),
    /** Disk, quota or pinned bytes leave no room. */
    NO_SPACE(12, Category.ERROR),
    /** A bounded queue or budget is full; try again later. */
    OVERLOADED(13, Category.WARN),
    /** The store holds it where it must be fetched from first. */
    NOT_YET_AVAILABLE(14, Category.WARN),
    /** The store refused our credentials or our right. */
    STORE_REFUSED(15, Category.ERROR),
    /** The store cannot be reached, or failed. */
    STORE_UNAVAILABLE(16, Category.ERROR),
    /** The deadline passed; the outcome is unknown. */
    TIMEOUT(17, Category.WARN),
    /** No node there, it went away, its directory is held or its port taken. */
    NODE_UNAVAILABLE(18, Category.ERROR),
    /** Bytes that do not match their checksum or their format. */
    CORRUPT(19, Category.ERROR),
    /** A defect of ours. */
    INTERNAL(20, Category.ERROR);

    /** How far the trouble reaches. */
    public enum Category {
        /** The process cannot go on. */
        FATAL,
        /** This call failed. */
        ERROR,
        /** An expected refusal. */
        WARN
    }

    private static final @Nullable ErrorCode[] BY_NUMBER = byNumber();

    private final int number;
    private final Category category;

    ErrorCode(int number, Category category) {
        this.number = number;
        this.category = category;
    }

    /** Number on the wire, 1 to 65,534. */
    public int number() {
        return number;
    }

    public Category category() {
        return category;
    }

    /** The code of a number from the wire; one that this build does not know is INTERNAL. */
    public static ErrorCode ofNumber(int number) {
        ErrorCode code = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
        return code == null ? INTERNAL : code;
    }

    private static @Nullable ErrorCode[] byNumber() {
        int highest = 0;
        for (ErrorCode code : values()) {
            highest = Math.max(highest, code.number);
        }
        @Nullable ErrorCode[] table = new ErrorCode[highest + 1];
        for (ErrorCode code : values()) {
            table[code.number] = code;
        }
        return table;
    }
}
