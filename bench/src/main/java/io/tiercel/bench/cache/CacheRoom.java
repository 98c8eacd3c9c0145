package io.tiercel.bench.cache;

import java.nio.file.Path;

/**
 * What a cache is to hold. Each gets four times what its payloads take, so that nothing is evicted. Immutable.
 *
 * @param keyCount keys, all of one length.
 * @param keyLength bytes of a key.
 * @param payloadLength bytes of a payload, at least 8.
 * @param folder for files, empty, on disk; whoever made it deletes it.
 */
public record CacheRoom(int keyCount, int keyLength, int payloadLength, Path folder) {
    private static final long LEAST_CAPACITY = 64L << 20;
    private static final int ENTRY_OVERHEAD = 512;

    public CacheRoom {
        if (payloadLength < Long.BYTES) {
            throw new IllegalArgumentException("payloadLength=" + payloadLength + " expected at least " + Long.BYTES);
        }
    }

    /** Bytes that a cache may take. */
    long capacity() {
        return Math.max(LEAST_CAPACITY, 4L * keyCount * (payloadLength + keyLength + ENTRY_OVERHEAD));
    }
}
