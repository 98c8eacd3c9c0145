package io.tiercel.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Random;

/**
 * Values of one length under numbered keys, and an endless draw of numbers: uniform, the same in every run. A value
 * begins with its number, 8 bytes, little endian; each read compares them, so that the memory is really touched. Not
 * threadsafe.
 */
public final class Payloads {
    private static final long SEED = 8740;
    private static final int DRAW_COUNT = 1 << 12;

    private final int length;
    private final int count;
    private final int[] draws;
    private int cursor;

    /** @param length bytes of each value, at least 8. */
    public Payloads(int length, int count) {
        if (length < Long.BYTES || count < 1 || count > 100_000_000) {
            throw new IllegalArgumentException("length=" + length + " count=" + count + " expected at least "
                    + Long.BYTES + ", and 1 to 100000000");
        }
        this.length = length;
        this.count = count;
        this.draws = new Random(SEED).ints(DRAW_COUNT, 0, count).toArray();
    }

    public int length() {
        return length;
    }

    public int count() {
        return count;
    }

    /** Keys of different lengths of value differ. */
    public String key(int number) {
        return String.format(Locale.ROOT, "rig/%d/%08d", length, number);
    }

    /** Number of the next value to read. */
    public int draw() {
        return draws[cursor++ & DRAW_COUNT - 1];
    }

    /** A direct buffer for values, its bytes random but for the number that {@link #number} writes. */
    public ByteBuffer valueBuffer() {
        ByteBuffer value = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(length);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(random.nextLong());
        }
        return value.clear();
    }

    /**
     * Refuses another value.
     *
     * @throws IllegalStateException when what was read is not the value of that number.
     */
    public void requireRight(int number, long firstBytes, long readLength) {
        if (firstBytes != number || readLength != length) {
            throw new IllegalStateException("wrong bytes: key=" + key(number) + " begins with " + firstBytes
                    + ", length=" + readLength + " expected " + length);
        }
    }

    /** Makes of a buffer the value of a number. */
    public static void number(ByteBuffer value, int number) {
        value.putLong(0, number);
    }
}
