package io.tiercel.storage.local;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file, or a range of one, being read into the caller's buffers. Before it gives the last byte it looks whether the file changed meanwhile.
 * Not threadsafe.
 */
final class LocalRead implements ObjectRead {
    private final StorageGuard guard;
    private final LocalErrors errors;
    private final OpenFile file;
    private final ObjectInfo info;
    private final long offset;
    private final long end;
    private long position;
    private boolean checked;
    private boolean closed;

    LocalRead(StorageGuard guard, LocalErrors errors, OpenFile file, ObjectInfo info, ReadOptions options) {
        this.guard = guard;
        this.errors = errors;
        this.file = file;
        this.info = info;
        this.offset = options.beginIn(info.length());
        this.end = offset + options.lengthIn(info.length());
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
        try {
            int count = readUpToEnd(target);
            if (position == end && !checked) {
                requireUnchanged();
                checked = true;
            }
            return count;
        } catch (IOException e) {
            throw errors.of(info.path(), e);
        }
    }

    private int readUpToEnd(ByteBuffer target) throws IOException {
        long left = end - position;
        if (left == 0) {
            return -1;
        }
        int limit = target.limit();
        if (target.remaining() > left) {
            target.limit(target.position() + (int) left);
        }
        try {
            int count = file.read(target, position);
            if (count < 0) {
                throw errors.of(Kind.UNAVAILABLE, info.path(), "the file became shorter while it was read");
            }
            position += count;
            return count;
        } finally {
            target.limit(limit);
        }
    }

    private void requireUnchanged() throws IOException {
        if (!file.isUnchanged()) {
            throw errors.of(Kind.UNAVAILABLE, info.path(), "the file changed while it was read");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                file.close();
            } catch (IOException e) {
                // The descriptor is gone either way, and nothing was written through it.
                return;
            }
        }
    }
}
