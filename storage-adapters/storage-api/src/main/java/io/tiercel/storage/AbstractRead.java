package io.tiercel.storage;

import java.nio.ByteBuffer;

/**
 * What every read of an adapter has: what it reads, and that nothing is drawn after close, of the read or of its store.
 * Not threadsafe.
 */
public abstract class AbstractRead implements ObjectRead {
    private final StorageGuard guard;
    private final ObjectInfo info;
    private final long offset;
    private final long length;
    private boolean closed;

    /**
     * @param guard of the store.
     * @param length of what is read, {@link ObjectInfo#UNKNOWN_LENGTH} where nobody knows.
     */
    protected AbstractRead(StorageGuard guard, ObjectInfo info, long offset, long length) {
        this.guard = guard;
        this.info = info;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public final ObjectInfo info() {
        return info;
    }

    @Override
    public final long offset() {
        return offset;
    }

    @Override
    public final long length() {
        return length;
    }

    @Override
    public final int read(ByteBuffer target) {
        if (closed) {
            throw new IllegalStateException("read of '" + info.path() + "' was closed");
        }
        guard.requireOpen(info.path());
        return draw(target);
    }

    /** As {@link #read} of a read that is open, in a store that was open just now. */
    protected abstract int draw(ByteBuffer target);

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /** Gives back what is held, without reading on. Called once; never fails. */
    protected abstract void release();

    /** Path of the object. */
    protected final StorePath path() {
        return info.path();
    }
}
