package io.tiercel.bench.cache;

import io.tiercel.Key;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Payloads of one length in this process, by key. Every payload begins with a stamp of 8 bytes in native order, which a
 * read compares, so that the memory is really touched. Not threadsafe.
 */
public interface PayloadCache extends AutoCloseable {
    /**
     * Keeps a copy of a payload in place of any before; a read behind it finds it.
     *
     * @param payload of the length that the cache was opened for, in direct memory; the caller's again after the call.
     */
    void put(Key key, UnsafeBuffer payload);

    /** Whether the key's payload is there, of its length, and begins with the stamp. */
    boolean read(Key key, long stamp);

    /**
     * Drops everything at and under a prefix.
     *
     * @throws UnsupportedOperationException where a cache knows no prefixes: all but ours.
     */
    default void invalidatePrefix(Key prefix) {
        throw new UnsupportedOperationException("prefix=" + prefix + " of a cache that knows none");
    }

    /** Frees what it holds, files as well. */
    @Override
    void close();
}
