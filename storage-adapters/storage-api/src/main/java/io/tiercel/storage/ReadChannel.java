package io.tiercel.storage;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/**
 * The bytes of a read as a channel, so that one store's object is the source of a write to another. Not threadsafe.
 *
 * <p>Its failures stay the {@link StorageException}s of the store that is read.
 */
public final class ReadChannel implements ReadableByteChannel {
    private final ObjectRead read;
    private final LongConsumer progress;
    private long count;
    private boolean open = true;

    /** @param progress told the number of bytes given so far, after each portion, by the thread that draws them. */
    public ReadChannel(ObjectRead read, LongConsumer progress) {
        this.read = read;
        this.progress = progress;
    }

    @Override
    public int read(ByteBuffer target) {
        int more = read.read(target);
        if (more > 0) {
            count += more;
            progress.accept(count);
        }
        return more;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Closes the read. */
    @Override
    public void close() {
        open = false;
        read.close();
    }
}
