package io.tiercel.storage.memory;

import io.tiercel.storage.ObjectInfo;
import org.jspecify.annotations.Nullable;

/** What stands at a path: what is told of it, and the bytes if it is a file. Immutable and threadsafe. */
record Node(ObjectInfo info, @Nullable Content content) {
    boolean isFolder() {
        return content == null;
    }

    long length() {
        return content == null ? 0 : content.length();
    }
}
