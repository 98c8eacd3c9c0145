package io.tiercel.tier;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a key with their hash: as a key of the heap tier it never changes; as the probe of a look-up it is aimed
 * anew each time, so that looking up allocates nothing. Single writer: the shard agent.
 */
final class HeapKey {
    private DirectBuffer buffer;
    private int offset;
    private int length;
    private long hash;

    HeapKey() {
        this.buffer = new UnsafeBuffer(0, 0);
    }

    HeapKey wrap(DirectBuffer newBuffer, int newOffset, int newLength, long newHash) {
        this.buffer = newBuffer;
        this.offset = newOffset;
        this.length = newLength;
        this.hash = newHash;
        return this;
    }

    int length() {
        return length;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof HeapKey other && hash == other.hash && length == other.length
                && isSame(buffer, offset, other.buffer, other.offset, length);
    }

    private static boolean isSame(DirectBuffer a, int aOffset, DirectBuffer b, int bOffset, int length) {
        int i = 0;
        for (int end = length - 7; i < end; i += 8) {
            if (a.getLong(aOffset + i) != b.getLong(bOffset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (a.getByte(aOffset + i) != b.getByte(bOffset + i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
