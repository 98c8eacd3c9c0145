package io.tiercel.tier;

import java.util.Arrays;

/**
 * Lets a frame onto the heap at its second recent read, so that a scan copies nothing. A table of one bit a hash, of
 * the recent past only: it is wiped when it has seen as many hashes as it has bits in an eighth. Two hashes may share a
 * bit; a promotion too early is harmless. Allocates nothing. Not threadsafe.
 */
final class PromotionFilter {
    private static final int BITS = 1 << 18;
    private static final int WIPE_AFTER = BITS / 8;

    private final long[] words = new long[BITS / Long.SIZE];
    private int seen;

    /** Notes a read; true when the hash was read before. */
    boolean isSecondRead(long hash) {
        int index = (int) (hash >>> 32) & BITS - 1;
        long bit = 1L << index;
        int word = index / Long.SIZE;
        if ((words[word] & bit) != 0) {
            return true;
        }
        if (++seen > WIPE_AFTER) {
            Arrays.fill(words, 0L);
            seen = 0;
        }
        words[word] |= bit;
        return false;
    }
}
