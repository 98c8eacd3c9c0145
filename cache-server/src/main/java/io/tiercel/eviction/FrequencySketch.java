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
 * <p>Cost: four reads and writes a request, whatever the size of the table; 5 to 10 bytes for each entry that it is made
 * for, outside the heap.
 *
 * <p>Invariants: a count is never above 15. Hashes are spread by a secret, so that what collides cannot be made up.
 *
 * <p>What we changed: halving sweeps over the table a word at a time, once in a period, in the place of a stop. The sweep
 * is a number alone: a word is halved when it is next looked at, as often as the sweep has passed it since. So a large
 * table costs no more where few entries are kept, and the sweep is fast.
 *
 * <p>Sources: 1. G. Cormode, S. Muthukrishnan, "An Improved Data Stream Summary: The Count-Min Sketch", 2005, section 3.
 * 2. G. Einziger et al., "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS 2017, section 3.3 (reset).
 */
final class FrequencySketch implements AutoCloseable {
    private static final long HALVE_MASK = 0x7777777777777777L;
    private static final int MOST = 15;
    /** Halved so often, every count is 0. */
    private static final int HALVINGS_TO_ZERO = 4;

    private final UnsafeBuffer words;
    /** How often the sweep had passed each word when it was written, in 16 bits. */
    private final UnsafeBuffer passes;
    private final int mask;
    private final int passShift;
    private final long secret;
    private long swept;
    private double due;

    FrequencySketch(long entries, long secret) {
        int count = (int) Long.highestOneBit(Math.clamp(entries, 64, 1 << 26));
        this.mask = count - 1;
        this.secret = secret;
        this.passShift = Integer.numberOfTrailingZeros(count);
        this.words = new UnsafeBuffer(ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder()));
        this.passes = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * count).order(ByteOrder.nativeOrder()));
    }

    /** Bytes outside the heap. */
    long allocatedBytes() {
        return (long) words.capacity() + passes.capacity();
    }

    int frequency(long hash) {
        long mixed = Mixer.mix(hash ^ secret);
        int least = MOST;
        for (int i = 0; i < 4; i++) {
            least = Math.min(least, (int) (word(index(mixed, i)) >>> shift(mixed, i)) & MOST);
        }
        return least;
    }

    /** Counts one; the whole is halved once in that many calls, word by word. */
    void increment(long hash, double period) {
        long mixed = Mixer.mix(hash ^ secret);
        for (int i = 0; i < 4; i++) {
            int index = index(mixed, i);
            int shift = shift(mixed, i);
            long word = word(index);
            if (((word >>> shift) & MOST) < MOST) {
                words.putLong(index << 3, word + (1L << shift));
                passes.putShort(index << 1, (short) passesOf(index));
            }
        }
        due += (mask + 1) / period;
        long steps = (long) due;
        swept += steps;
        due -= steps;
    }

    /** A word as the sweep has left it. */
    private long word(int index) {
        long word = words.getLong(index << 3);
        int missed = (int) (passesOf(index) - passes.getShort(index << 1)) & 0xFFFF;
        if (missed >= HALVINGS_TO_ZERO) {
            return 0L;
        }
        for (int i = 0; i < missed; i++) {
            word = (word >>> 1) & HALVE_MASK;
        }
        return word;
    }

    /** How often the sweep has passed a word. */
    private long passesOf(int index) {
        return (swept + mask - index) >>> passShift;
    }

    private int index(long mixed, int i) {
        long spread = mixed * (0x9E3779B97F4A7C15L + 2L * i * 0xC3A5C85C97CB3127L);
        return (int) (spread >>> 32) & mask;
    }

    private static int shift(long mixed, int i) {
        return (((int) (mixed >>> (i << 2)) & 3) | (i << 2)) << 2;
    }

    @Override
    public void close() {
        BufferUtil.free(words);
        BufferUtil.free(passes);
    }
}
