package io.tiercel.bench.soak;

import org.jspecify.annotations.Nullable;

/** One way into the node, the same for all: whatever fails does so with a {@link io.tiercel.TiercelException}. */
interface SoakClient extends AutoCloseable {
    /** The bytes, null for a miss. */
    byte @Nullable [] read(String key);

    /** The bytes in the order in which they come, null for a miss. */
    byte @Nullable [] readStream(String key);

    /** A part of them, null for a miss. */
    @Nullable
    Part readPart(String key, int from, int length);

    void put(String key, byte[] bytes);

    void delete(String key);

    void invalidate(String key);

    void invalidatePrefix(String prefix);

    /** Everything below a folder. Answers how many entries there are. */
    int list(String folder);

    @Override
    void close();

    /** A part of an object, and how long the whole is. */
    final class Part {
        private final byte[] bytes;
        private final int from;
        private final int total;

        Part(byte[] bytes, int from, int total) {
            this.bytes = bytes;
            this.from = from;
            this.total = total;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Offset in the object. */
        int from() {
            return from;
        }

        /** Bytes of the object. */
        int total() {
            return total;
        }
    }
}
