package io.tiercel.index;

import org.agrona.DirectBuffer;

/** A 64-bit hash of a key's bytes. Allocates nothing. Threadsafe. */
@FunctionalInterface
public interface KeyHasher {
    long hash(DirectBuffer key, int offset, int length);

    /** XXH3 under a seed drawn from that of the directory, so that keys that collide are not known outside. */
    static KeyHasher seeded(long seed) {
        return new XxHasher(seed);
    }
}
