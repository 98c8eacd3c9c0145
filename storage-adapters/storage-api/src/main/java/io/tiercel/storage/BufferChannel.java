package io.tiercel.storage;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The remaining bytes of a buffer as a channel. Not threadsafe. */
final class BufferChannel implements ReadableByteChannel {
    private final ByteBuffer source;

    BufferChannel(ByteBuffer source) {
        this.source = source;
    }

    @Override
    public int read(ByteBuffer target) {
        if (!source.hasRemaining()) {
            return -1;
        }
        int count = Math.min(source.remaining(), target.remaining());
        target.put(target.position(), source, source.position(), count);
        target.position(target.position() + count);
        source.position(source.position() + count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // There is nothing to release: the buffer stays its owner's.
    }
}
