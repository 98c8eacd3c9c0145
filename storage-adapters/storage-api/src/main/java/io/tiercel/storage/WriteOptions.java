package io.tiercel.storage;

import org.jspecify.annotations.Nullable;

/** What a write may replace and what goes with the bytes. Immutable and threadsafe; each method gives a changed copy. */
public final class WriteOptions {
    /** Only where nothing is yet. */
    public static final WriteOptions CREATE = new WriteOptions(false, null, null);
    /** Whether or not there is an object. */
    public static final WriteOptions REPLACE = CREATE.overwrite(true);

    private final boolean overwrite;
    private final @Nullable String ifMatch;
    private final @Nullable String contentType;

    private WriteOptions(boolean overwrite, @Nullable String ifMatch, @Nullable String contentType) {
        this.overwrite = overwrite;
        this.ifMatch = ifMatch;
        this.contentType = contentType;
    }

    /** Whether an object that is there is replaced; otherwise it is ALREADY_EXISTS. */
    public WriteOptions overwrite(boolean value) {
        return new WriteOptions(value, ifMatch, contentType);
    }

    /** Replaces only the version of this ETag; else, and if there is none, PRECONDITION_FAILED. Needs CONDITIONAL. */
    public WriteOptions ifMatch(String etag) {
        return new WriteOptions(true, etag, contentType);
    }

    /** Media type, kept by stores that keep one. */
    public WriteOptions contentType(@Nullable String value) {
        return new WriteOptions(overwrite, ifMatch, value);
    }

    public boolean overwrite() {
        return overwrite;
    }

    public @Nullable String ifMatch() {
        return ifMatch;
    }

    public @Nullable String contentType() {
        return contentType;
    }
}
