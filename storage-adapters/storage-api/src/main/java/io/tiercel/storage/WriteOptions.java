package io.tiercel.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a write may replace and what goes with the bytes. Immutable and threadsafe; each method gives a changed copy. */
public final class WriteOptions {
    /** Only where nothing is yet. */
    public static final WriteOptions CREATE = new WriteOptions(false, null, null, Map.of());
    /** Whether or not there is an object. */
    public static final WriteOptions REPLACE = CREATE.overwrite(true);

    private final boolean overwrite;
    private final @Nullable String ifMatch;
    private final @Nullable String contentType;
    private final Map<String, String> userMetadata;

    private WriteOptions(boolean overwrite, @Nullable String ifMatch, @Nullable String contentType,
            Map<String, String> userMetadata) {
        this.overwrite = overwrite;
        this.ifMatch = ifMatch;
        this.contentType = contentType;
        this.userMetadata = userMetadata;
    }

    /** Whether an object that is there is replaced; otherwise it is ALREADY_EXISTS. */
    public WriteOptions overwrite(boolean value) {
        return new WriteOptions(value, ifMatch, contentType, userMetadata);
    }

    /** Replaces only the version of this ETag; else, and if there is none, PRECONDITION_FAILED. Needs CONDITIONAL. */
    public WriteOptions ifMatch(String etag) {
        return new WriteOptions(true, etag, contentType, userMetadata);
    }

    /** Media type, kept by stores that keep one. */
    public WriteOptions contentType(@Nullable String value) {
        return new WriteOptions(overwrite, ifMatch, value, userMetadata);
    }

    /**
     * Names and values kept with the object as they are, also through a move and a copy. Any needs USER_METADATA.
     *
     * @throws IllegalArgumentException when a name is empty or begins with {@code _}, something is not printable ASCII, or
     *     all together is longer than 2,048 bytes.
     */
    public WriteOptions userMetadata(Map<String, String> value) {
        return new WriteOptions(overwrite, ifMatch, contentType, UserMetadata.checked(value));
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

    public Map<String, String> userMetadata() {
        return userMetadata;
    }
}
