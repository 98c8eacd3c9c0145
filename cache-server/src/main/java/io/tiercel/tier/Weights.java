package io.tiercel.tier;

/**
 * What frames weigh. Single writer: the shard agent.
 *
 * <p>For people and for the capacity a frame weighs what it takes: its bytes in the segment and its entry in the index.
 * For the policy a tiny frame weighs at least its share of an index that is nearly full, so that what is kept never
 * asks for more entries than there are.
 */
final class Weights {
    /** Bytes that a frame takes in the index. */
    static final int INDEX_FOOTPRINT = 48;

    private final long indexCapacity;
    private long least;

    Weights(long indexCapacity) {
        this.indexCapacity = indexCapacity;
    }

    /** For a policy that keeps so many bytes from now on. */
    void keptCapacity(long bytes) {
        least = bytes / (indexCapacity - indexCapacity / 8) + 1;
    }

    /** Of a frame of that length, for the policy. */
    long of(long frameLength) {
        return Math.max(least, footprint(frameLength));
    }

    /** Bytes that a frame of that length takes: header, key, metadata, padding, payload and index entry. */
    static long footprint(long frameLength) {
        return frameLength + INDEX_FOOTPRINT;
    }
}
