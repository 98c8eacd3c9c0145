package io.tiercel.storage;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What a store answered instead of a result, in the words that all stores share. No other exception of a backend leaves
 * an adapter; misuse by the caller is an {@link IllegalArgumentException} or {@link IllegalStateException}.
 *
 * <p>The message is one line for people: what, the path, the store. It bears no secret.
 */
public final class StorageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What happened, as programs tell it apart. */
    public enum Kind {
        /** Definitely not there. */
        NOT_FOUND("not found"),
        /** There is an object already, and overwriting was not asked for. */
        ALREADY_EXISTS("exists already"),
        /** The store refused our credentials or our right. */
        PERMISSION_DENIED("permission denied"),
        /** The path is illegal here, or names the wrong kind of thing (a folder where a file is meant, or the reverse). */
        INVALID_PATH("invalid path"),
        /** A folder still has entries. */
        DIRECTORY_NOT_EMPTY("directory not empty"),
        /** The store cannot do this; {@link StorageException#capability} says what. */
        CAPABILITY_NOT_SUPPORTED("not supported"),
        /** The condition of the operation did not hold. */
        PRECONDITION_FAILED("precondition failed"),
        /** The store must fetch it from somewhere slow first. */
        NOT_YET_AVAILABLE("not yet available"),
        /** The store cannot be reached, failed, is full, or was closed. Says nothing about whether the path exists. */
        UNAVAILABLE("unavailable");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Kind kind;
    private final String store;
    private final String path;
    private final @Nullable Capability capability;
    private final int retryAfterMs;

    private StorageException(Builder builder) {
        super(builder.message(), builder.cause);
        this.kind = builder.kind;
        this.store = builder.store;
        this.path = builder.path;
        this.capability = builder.capability;
        this.retryAfterMs = builder.retryAfterMs;
    }

    /** Begins an exception of a kind. */
    public static Builder of(Kind kind) {
        return new Builder(kind);
    }

    public Kind kind() {
        return kind;
    }

    /** Name of the store, empty when a path was refused before it met one. */
    public String store() {
        return store;
    }

    /** The path as it was asked for, empty for the root and where none is concerned. */
    public String path() {
        return path;
    }

    /** What is missing, with CAPABILITY_NOT_SUPPORTED alone. */
    public @Nullable Capability capability() {
        return capability;
    }

    /** Milliseconds after which the store said a further try makes sense, 0 when it said nothing. */
    public int retryAfterMs() {
        return retryAfterMs;
    }

    /** Collects the parts of an exception. Not threadsafe. */
    public static final class Builder {
        private static final int SHOWN_LENGTH = 200;

        private final Kind kind;
        private String store = "";
        private String path = "";
        private String reason = "";
        private @Nullable Capability capability;
        private @Nullable Throwable cause;
        private int retryAfterMs;

        private Builder(Kind kind) {
            this.kind = kind;
        }

        public Builder store(String name) {
            store = name;
            return this;
        }

        public Builder path(StorePath value) {
            return path(value.toString());
        }

        Builder path(String value) {
            path = value;
            return this;
        }

        /** Why, in words of one line, without a secret. */
        public Builder because(String value) {
            reason = value;
            return this;
        }

        public Builder capability(Capability missing) {
            capability = missing;
            return this;
        }

        /** What the backend threw, kept for a stack trace; its message is not shown. */
        public Builder cause(Throwable value) {
            cause = value;
            return this;
        }

        public Builder retryAfterMs(int value) {
            retryAfterMs = value;
            return this;
        }

        public StorageException build() {
            return new StorageException(this);
        }

        private String message() {
            StringBuilder out = new StringBuilder(kind.words);
            if (capability != null) {
                out.append(": ").append(capability);
            }
            if (!reason.isEmpty()) {
                out.append(": ").append(reason);
            }
            if (!path.isEmpty()) {
                out.append(", path='").append(printable(path)).append('\'');
            }
            if (!store.isEmpty()) {
                out.append(", store=").append(store);
            }
            return out.toString();
        }

        private static String printable(String text) {
            StringBuilder out = new StringBuilder();
            text.codePoints().limit(SHOWN_LENGTH).forEach(c -> {
                if (Character.isISOControl(c)) {
                    out.append(String.format("\\u%04x", c));
                } else {
                    out.appendCodePoint(c);
                }
            });
            return text.length() > SHOWN_LENGTH ? out.append("...").toString() : out.toString();
        }
    }
}
