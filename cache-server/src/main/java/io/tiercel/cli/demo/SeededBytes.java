package io.tiercel.cli.demo;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Bytes that follow from a number, so that whoever knows it can check them. Stateless. */
final class SeededBytes {
    private static final int MAX_LENGTH = 256 * 1024;

    private SeededBytes() {}

    static ByteBuffer of(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] bytes = new byte[random.nextInt(1, MAX_LENGTH)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
