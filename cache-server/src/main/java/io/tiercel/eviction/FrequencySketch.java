package io.tiercel.eviction;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How often hashes were asked for of late, roughly and at most 15 times. Not threadsafe; single writer: the shard agent.
 *
 * <p>Idea: each hash has four counts of 4 bits in a table; the least of them is the answer. Counts are halved over and
 * over, so that the past fades.
 *
 * <p>Cost: four reads and writes a request, and the halving of a word now and then; 8 to 16 bytes for each entry that it
 * is made for, outside the heap.
 *
 * <p>Invariants: a count is never above 15. Hashes are spread by a secret, so that what collides cannot be made up.
 *
 * <p>What we changed: halving sweeps over the table a word at a time, once in a period, in the place of a stop.
 *
 * <p>Sources: 1. G. Cormode, S. Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch", 2005, section 3.
 * 2. G. Einziger et al., "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 2017, section 3.3 (reset).
 */
final class FrequencySketch implements AutoCloseable {
    private static final long HALVE_MASK = 0x7777777777777777L;
    private static final int MOST = 15;

    private final UnsafeBuffer words;
    private final int mask;
    private final long secret;
    private int sweep;
    private double due;

    FrequencySketch(long entries, long secret) {
        int count = (int) Long.highestOneBit(Math.min(Math.max(entries, 64), 1 << 26) * 2 - 1);
        this.mask = count - 1;
        this.secret = secret;
        this.words = new UnsafeBuffer(ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder()));
    }

    /** Bytes outside the heap. */
    long allocatedBytes() {
        return words.capacity();
    }

    int frequency(long hash) {
        long mixed = Mixer.mix(hash ^ secret);
        int least = MOST;
        for (int i = 0; i < 4; i++) {
            least = Math.min(least, (int) (words.getLong(offset(mixed, i)) >>> shift(mixed, i)) & MOST);
        }
        return least;
    }

    /** Counts one; the whole is halved once in that many calls, bit by bit. */
    void increment(long hash, double period) {
        long mixed = Mixer.mix(hash ^ secret);
        for (int i = 0; i < 4; i++) {
            int offset = offset(mixed, i);
            int shift = shift(mixed, i);
            long word = words.getLong(offset);
            if (((word >>> shift) & MOST) < MOST) {
                words.putLong(offset, word + (1L << shift));
            }
        }
        due += (mask + 1) / period;
        while (due >= 1) {
            due--;
            words.putLong(sweep << 3, (words.getLong(sweep << 3) >>> 1) & HALVE_MASK);
            sweep = (sweep + 1) & mask;
        }
    }

    private int offset(long mixed, int i) {
        long spread = mixed * (0x9E3779B97F4A7C15L + 2L * i * 0xC3A5C85C97CB3127L);
        return ((int) (spread >>> 32) & mask) << 3;
    }

    private static int shift(long mixed, int i) {
        return (((int) (mixed >>> (i << 2)) & 3) | (i << 2)) << 2;
    }

    @Override
    public void close() {
        BufferUtil.free(words);
    }
}
