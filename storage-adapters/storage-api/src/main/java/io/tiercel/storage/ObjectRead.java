package io.tiercel.storage;

import java.nio.ByteBuffer;

/**
 * An object being read: what is known of it, and its bytes, both from one answer of the store.
 *
 * <p>The bytes are those of one version, the one that {@link #info} describes. When the object is shorter or longer than
 * said, or changed under the read, the read fails (UNAVAILABLE) at the latest in the call that would have given its last
 * byte: who has got {@code length} bytes has got the object. Not threadsafe: one thread at a time, any thread.
 */
public interface ObjectRead extends AutoCloseable {
    /** Always of a file; may be asked after close. */
    ObjectInfo info();

    /**
     * Moves the next bytes into {@code target}, from its position towards its limit. May block.
     *
     * @return how many, at least 1 unless {@code target} is full already; -1 at the end of the object.
     * @throws StorageException after which only {@link #close} makes sense.
     * @throws IllegalStateException after close.
     */
    int read(ByteBuffer target);

    /** Abandons what was not read, without reading it. Idempotent; never fails. */
    @Override
    void close();
}
