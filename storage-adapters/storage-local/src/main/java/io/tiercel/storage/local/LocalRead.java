package io.tiercel.storage.local;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file, or a range of one, being read into the caller's buffers. Before it gives the last byte it looks whether the file changed meanwhile.
 * Not threadsafe.
 */
final class LocalRead extends AbstractRead {
    private final LocalErrors errors;
    private final OpenFile file;
    private final long end;
    private long position;
    private boolean checked;

    LocalRead(StorageGuard guard, LocalErrors errors, OpenFile file, ObjectInfo info, ReadOptions options) {
        super(guard, info, options.beginIn(info.length()), options.lengthIn(info.length()));
        this.errors = errors;
        this.file = file;
        this.end = offset() + length();
        this.position = offset();
    }

    @Override
    protected int draw(ByteBuffer target) {
        try {
            int count = readUpToEnd(target);
            if (position == end && !checked) {
                requireUnchanged();
                checked = true;
            }
            return count;
        } catch (IOException e) {
            throw errors.of(path(), e);
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
                throw errors.of(Kind.UNAVAILABLE, path(), "the file became shorter while it was read");
            }
            position += count;
            return count;
        } finally {
            target.limit(limit);
        }
    }

    private void requireUnchanged() throws IOException {
        if (!file.isUnchanged()) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the file changed while it was read");
        }
    }

    @Override
    protected void release() {
        try {
            file.close();
        } catch (IOException e) {
            // The descriptor is gone either way, and nothing was written through it.
            return;
        }
    }
}
