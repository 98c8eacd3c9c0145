package io.tiercel.storage;

import org.jspecify.annotations.Nullable;

/**
 * Which bytes of an object a read gives, and of which version. Immutable and threadsafe; each method gives a changed copy.
 */
public final class ReadOptions {
    /** All bytes of whatever version there is. */
    public static final ReadOptions WHOLE = new ReadOptions(0, ObjectInfo.UNKNOWN_LENGTH, null, null);

    private final long offset;
    private final long length;
    private final @Nullable String ifMatch;
    private final @Nullable String ifNoneMatch;

    private ReadOptions(long offset, long length, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        this.offset = offset;
        this.length = length;
        this.ifMatch = ifMatch;
        this.ifNoneMatch = ifNoneMatch;
    }

    /**
     * The bytes from an offset on, cut at the end of the object: a range behind the end gives none, and is no failure.
     * Anything but the whole needs RANGE.
     *
     * @param length most bytes, or {@link ObjectInfo#UNKNOWN_LENGTH} for all there are.
     * @throws IllegalArgumentException when the offset is negative, or the length is and not that.
     */
    public ReadOptions range(long offset, long length) {
        if (offset < 0 || (length < 0 && length != ObjectInfo.UNKNOWN_LENGTH)) {
            throw new IllegalArgumentException("range of offset=" + offset + " length=" + length + " is negative");
        }
        return new ReadOptions(offset, length, ifMatch, ifNoneMatch);
    }

    /** Only the version of this ETag; else PRECONDITION_FAILED. Needs CONDITIONAL. */
    public ReadOptions ifMatch(String etag) {
        return new ReadOptions(offset, length, etag, ifNoneMatch);
    }

    /**
     * No bytes when it is still the version of this ETag, where the store can tell before it sends them: a read that is
     * {@linkplain ObjectRead#isUnchanged unchanged}. Others give the bytes, and a caller that compares ETags need not read
     * them.
     */
    public ReadOptions ifNoneMatch(String etag) {
        return new ReadOptions(offset, length, ifMatch, etag);
    }

    public long offset() {
        return offset;
    }

    /** Most bytes, or {@link ObjectInfo#UNKNOWN_LENGTH} for all there are. */
    public long length() {
        return length;
    }

    public @Nullable String ifNoneMatch() {
        return ifNoneMatch;
    }

    public @Nullable String ifMatch() {
        return ifMatch;
    }

    /** Whether no byte is left out, however long the object is. */
    public boolean isWhole() {
        return offset == 0 && length == ObjectInfo.UNKNOWN_LENGTH;
    }

    /** Where the read begins in an object of this length: never behind its end. */
    public long beginIn(long objectLength) {
        return Math.min(offset, objectLength);
    }

    /** How many bytes the read gives of an object of this length. */
    public long lengthIn(long objectLength) {
        long rest = objectLength - beginIn(objectLength);
        return length == ObjectInfo.UNKNOWN_LENGTH ? rest : Math.min(length, rest);
    }
}
