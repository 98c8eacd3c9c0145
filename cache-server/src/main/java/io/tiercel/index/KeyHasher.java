package io.tiercel.index;

import org.agrona.DirectBuffer;

/** Two 64-bit hashes of a key's bytes, independent of each other. Allocates nothing. Threadsafe. */
public interface KeyHasher {
    /** The half that also finds frames on the heap. */
    long hash(DirectBuffer key, int offset, int length);

    /** The other half. */
    long hash2(DirectBuffer key, int offset, int length);

    /** XXH3 under two seeds drawn from that of the directory: keys that collide cannot be made up from outside. */
    static KeyHasher seeded(long seed) {
        return new XxHasher(seed);
    }
}
