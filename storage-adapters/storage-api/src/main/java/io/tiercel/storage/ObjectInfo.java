package io.tiercel.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store knows of a file or folder without its bytes. Immutable and threadsafe.
 *
 * <p>Built by parts, so that a later part breaks no adapter.
 */
public final class ObjectInfo {
    /** The store does not say how long the object is before its end has come. */
    public static final long UNKNOWN_LENGTH = -1;

    private final StorePath path;
    private final EntryKind kind;
    private final long length;
    private final @Nullable String etag;
    private final boolean racilyClean;
    private final long lastModifiedMs;
    private final @Nullable String contentType;
    private final @Nullable String version;
    private final Map<String, String> userMetadata;
    private final CacheRules cacheRules;

    private ObjectInfo(Builder builder) {
        this.path = builder.path;
        this.kind = builder.kind;
        this.length = builder.length;
        this.etag = builder.etag;
        this.racilyClean = builder.racilyClean;
        this.lastModifiedMs = builder.lastModifiedMs;
        this.contentType = builder.contentType;
        this.version = builder.version;
        this.userMetadata = builder.userMetadata;
        this.cacheRules = builder.cacheRules;
    }

    /** Begins the info of a file; its length is unknown until it is given. */
    public static Builder file(StorePath path) {
        return new Builder(path, EntryKind.FILE).length(UNKNOWN_LENGTH);
    }

    /** Begins the info of a folder. */
    public static Builder folder(StorePath path) {
        return new Builder(path, EntryKind.FOLDER);
    }

    /** Begins an info with all parts of this one, at another path. */
    public Builder at(StorePath other) {
        return new Builder(other, kind).length(length).etag(etag).racilyClean(racilyClean).lastModifiedMs(
                lastModifiedMs)
                .contentType(contentType).version(version).userMetadata(userMetadata).cacheRules(cacheRules);
    }

    public StorePath path() {
        return path;
    }

    public EntryKind kind() {
        return kind;
    }

    public boolean isFile() {
        return kind == EntryKind.FILE;
    }

    public boolean isFolder() {
        return kind == EntryKind.FOLDER;
    }

    /** Bytes of a file, or {@link #UNKNOWN_LENGTH}; 0 for a folder. */
    public long length() {
        return length;
    }

    /** Strong ETag with its quotes: equal only for equal bytes. Null for a folder, and where the store has none. */
    public @Nullable String etag() {
        return etag;
    }

    /**
     * Whether the ETag was made of times so recent that a change within the same tick would not show in it (git's word).
     * Bytes read under such an ETag are asked for again at their next read.
     */
    public boolean isRacilyClean() {
        return racilyClean;
    }

    /** Milliseconds since 1970 of the last change of the content, 0 when the store does not say. */
    public long lastModifiedMs() {
        return lastModifiedMs;
    }

    /** Media type, where the store keeps one. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** The store's own name of this version of the object, where it keeps several; opaque. */
    public @Nullable String version() {
        return version;
    }

    /** What the caller that wrote the object wanted kept with it, by name; empty in the entries of a listing. */
    public Map<String, String> userMetadata() {
        return userMetadata;
    }

    /** What the store says of how long this holds. */
    public CacheRules cacheRules() {
        return cacheRules;
    }

    @Override
    public String toString() {
        return kind + " '" + path + "' length=" + length + " etag=" + etag;
    }

    /** Collects the parts of an info. Not threadsafe. */
    public static final class Builder {
        private final StorePath path;
        private final EntryKind kind;
        private long length;
        private @Nullable String etag;
        private boolean racilyClean;
        private long lastModifiedMs;
        private @Nullable String contentType;
        private @Nullable String version;
        private Map<String, String> userMetadata = Map.of();
        private CacheRules cacheRules = CacheRules.NONE;

        private Builder(StorePath path, EntryKind kind) {
            this.path = path;
            this.kind = kind;
        }

        public Builder length(long value) {
            length = value;
            return this;
        }

        public Builder etag(@Nullable String value) {
            etag = value;
            return this;
        }

        public Builder racilyClean(boolean value) {
            racilyClean = value;
            return this;
        }

        public Builder lastModifiedMs(long value) {
            lastModifiedMs = value;
            return this;
        }

        public Builder contentType(@Nullable String value) {
            contentType = value;
            return this;
        }

        public Builder version(@Nullable String value) {
            version = value;
            return this;
        }

        /** Takes what the store keeps; an entry that others wrote, and that no write here would take, is left out. */
        public Builder userMetadata(Map<String, String> value) {
            userMetadata = Map.copyOf(value);
            return this;
        }

        public Builder cacheRules(CacheRules value) {
            cacheRules = value;
            return this;
        }

        public ObjectInfo build() {
            return new ObjectInfo(this);
        }
    }
}
