package io.tiercel.bench.jmh;

import io.tiercel.Key;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Keys of one length, numbered from 0, and an endless draw from them: uniform, the same in every run. The draw is made
 * ahead, so that it costs a benchmark one array read. Not threadsafe.
 */
final class Keyspace {
    private static final long SEED = 8740;
    private static final int LEAST_DRAWS = 1 << 12;

    private final Key[] keys;
    private final int[] draws;
    private int cursor;

    Keyspace(int keyCount) {
        if (keyCount < 1 || keyCount > 1_000_000) {
            throw new IllegalArgumentException("keyCount=" + keyCount + " expected 1 to 1000000");
        }
        this.keys = IntStream.range(0, keyCount).mapToObj(Keyspace::keyOf).toArray(Key[]::new);
        this.draws = new Random(SEED).ints(drawCount(keyCount), 0, keyCount).toArray();
    }

    /** A power of two, so many that most keys are drawn. */
    private static int drawCount(int keyCount) {
        return Math.max(LEAST_DRAWS, 2 * Integer.highestOneBit(keyCount));
    }

    private static Key keyOf(int number) {
        return Key.of("bench/get/%06d".formatted(number));
    }

    int size() {
        return keys.length;
    }

    /** Bytes of every key. */
    int keyLength() {
        return keys[0].length();
    }

    Key key(int number) {
        return keys[number];
    }

    /** Number of the next key to read. */
    int draw() {
        return draws[cursor++ & draws.length - 1];
    }
}
