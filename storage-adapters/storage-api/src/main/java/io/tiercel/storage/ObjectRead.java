package io.tiercel.storage;

import java.nio.ByteBuffer;

/**
 * An object, or a range of one, being read: what is known of the object, and the bytes, both from one answer of the store.
 *
 * <p>The bytes are those of one version, the one that {@link #info} describes. When the object is shorter or longer than
 * said, or changed under the read, the read fails (UNAVAILABLE) at the latest in the call that would have given its last
 * byte: who has got {@link #length} bytes has got what was asked for. Not threadsafe: one thread at a time, any thread.
 */
public interface ObjectRead extends AutoCloseable {
    /** Of the whole object, also where a range is read; always of a file; may be asked after close. */
    ObjectInfo info();

    /** Position in the object of the first byte that this read gives; its end where the range lay behind it. */
    long offset();

    /** Bytes that this read gives in all, or {@link ObjectInfo#UNKNOWN_LENGTH}. */
    long length();

    /**
     * Whether the object is still of the version that {@link ReadOptions#ifNoneMatch} names, so that no bytes come; what
     * {@link #info} says of it then may lack the length.
     */
    default boolean isUnchanged() {
        return false;
    }

    /**
     * Moves the next bytes into {@code target}, from its position towards its limit. May block.
     *
     * @return how many, at least 1 unless {@code target} is full already; -1 at the end.
     * @throws StorageException after which only {@link #close} makes sense.
     * @throws IllegalStateException after close.
     */
    int read(ByteBuffer target);

    /** Abandons what was not read, without reading it. Idempotent; never fails. */
    @Override
    void close();
}
