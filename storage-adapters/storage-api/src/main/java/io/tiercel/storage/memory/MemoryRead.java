package io.tiercel.storage.memory;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageGuard;
import java.nio.ByteBuffer;

/** A version, or a range of one, being read; a later write does not touch it. Not threadsafe. */
final class MemoryRead implements ObjectRead {
    private final StorageGuard guard;
    private final ObjectInfo info;
    private final Content content;
    private final long offset;
    private final long end;
    private long position;
    private boolean closed;

    MemoryRead(StorageGuard guard, ObjectInfo info, Content content, ReadOptions options) {
        this.guard = guard;
        this.info = info;
        this.content = content;
        this.offset = options.beginIn(content.length());
        this.end = offset + options.lengthIn(content.length());
        this.position = offset;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return end - offset;
    }

    @Override
    public int read(ByteBuffer target) {
        if (closed) {
            throw new IllegalStateException("read of '" + info.path() + "' was closed");
        }
        guard.requireOpen(info.path());
        if (position == end) {
            return -1;
        }
        int count = content.copy(position, end, target);
        position += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
    }
}
