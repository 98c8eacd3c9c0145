package io.tiercel.eviction;

/**
 * Decides which entries of a tier bounded in bytes are worth keeping. It holds no entries: it is told of each request,
 * and is asked which of those in the tier it would keep when room is needed. What it does not keep may stay in the tier,
 * and be read, until its memory is wanted.
 *
 * <p>An entry is known by the 64-bit hash of its key; entries of one hash share one judgement. Not threadsafe: single
 * writer, the shard agent. No call locks, none allocates on the heap in the steady state, each is O(1) amortised.
 */
public interface EvictionPolicy extends AutoCloseable {
    /** Told, within the call that causes it, whenever the kept bytes at a place change. */
    @FunctionalInterface
    interface Listener {
        /**
         * Entries at a place are kept, or with a negative number kept no more.
         *
         * @param place      what the caller named with the entry.
         * @param deltaBytes of the weight that was named with it.
         */
        void onKeptBytes(int place, long deltaBytes);
    }

    /**
     * A request for an entry that is in the tier now: it was read there, or was stored there, after a miss or by a
     * writer. A miss that stores nothing is not told. Entry, weight and place replace what was told of the hash before.
     *
     * @param hash   of the entry's key.
     * @param weight bytes that it takes, at least 1; above the capacity it is not kept.
     * @param place  where it lies, a number of the caller's, not negative.
     * @return whether it was kept before this request.
     */
    boolean onRequest(long hash, long weight, int place);

    /** A kept entry was copied to another place; of one that is not kept it is ignored. Not a request. */
    void onMoved(long hash, int place);

    /** An entry is gone for a reason of its own: dropped, overwritten with nothing, expired. Unknown ones are ignored. */
    void onRemove(long hash);

    /** Whether an entry is worth its bytes now. */
    boolean isKept(long hash);

    /** Most bytes that the kept entries may weigh. */
    long capacity();

    /** Sets the capacity; what is beyond it is kept no more when this returns. */
    void capacity(long bytes);

    /** Bytes that the kept entries weigh. */
    long keptBytes();

    /** Kept entries. */
    long keptCount();

    /** Frees what lies outside the heap. */
    @Override
    void close();
}
