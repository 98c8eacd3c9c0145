package io.tiercel.storage;

import org.jspecify.annotations.Nullable;

/** What a write left behind. Immutable and threadsafe. */
public final class WriteResult {
    private final ObjectInfo info;
    private final boolean created;

    private WriteResult(ObjectInfo info, boolean created) {
        this.info = info;
        this.created = created;
    }

    /** The written object as the store describes it, and whether there was none before. */
    public static WriteResult of(ObjectInfo info, boolean created) {
        return new WriteResult(info, created);
    }

    /** The object that this write made; another may have replaced it already. */
    public ObjectInfo info() {
        return info;
    }

    /** The ETag of the written object, with its quotes, null where the store has none. */
    public @Nullable String etag() {
        return info.etag();
    }

    /** Whether nothing was there before. */
    public boolean isCreated() {
        return created;
    }
}
