package io.tiercel.storage.s3;

import org.jspecify.annotations.Nullable;

/** What S3 is to look at in the step that makes an object visible. Immutable and threadsafe. */
record WriteCondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    static final WriteCondition NONE = new WriteCondition(null, null);
    /** There is none yet. */
    static final WriteCondition MISSING = new WriteCondition(null, "*");

    static WriteCondition matching(String etag) {
        return new WriteCondition(etag, null);
    }

    boolean isNone() {
        return ifMatch == null && ifNoneMatch == null;
    }
}
