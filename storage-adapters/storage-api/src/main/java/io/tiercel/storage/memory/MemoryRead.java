package io.tiercel.storage.memory;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageGuard;
import java.nio.ByteBuffer;

/** A version being read; a later write does not touch it. Not threadsafe. */
final class MemoryRead implements ObjectRead {
    private final StorageGuard guard;
    private final ObjectInfo info;
    private final Content content;
    private long position;
    private boolean closed;

    MemoryRead(StorageGuard guard, ObjectInfo info, Content content) {
        this.guard = guard;
        this.info = info;
        this.content = content;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public int read(ByteBuffer target) {
        if (closed) {
            throw new IllegalStateException("read of '" + info.path() + "' was closed");
        }
        guard.requireOpen(info.path());
        if (position == content.length()) {
            return -1;
        }
        int count = content.copy(position, target);
        position += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }
}
