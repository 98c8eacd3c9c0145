package io.tiercel.storage.memory;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageGuard;
import java.nio.ByteBuffer;

/** A version, or a range of one, being read; a later write does not touch it. Not threadsafe. */
final class MemoryRead extends AbstractRead {
    private final Content content;
    private final long end;
    private long position;

    MemoryRead(StorageGuard guard, ObjectInfo info, Content content, ReadOptions options) {
        super(guard, info, options.beginIn(content.length()), options.lengthIn(content.length()));
        this.content = content;
        this.end = offset() + length();
        this.position = offset();
    }

    @Override
    protected int draw(ByteBuffer target) {
        if (position == end) {
            return -1;
        }
        int count = content.copy(position, end, target);
        position += count;
        return count;
    }

    @Override
    protected void release() {
        // Nothing is held but memory.
    }
}
