package io.tiercel.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** Bytes of one version of one key: which they are, filler that follows from it, a checksum. Stateless. */
final class ModelPayload {
    private static final int CRC_LENGTH = Integer.BYTES;

    private ModelPayload() {}

    static byte[] of(String key, int number) {
        byte[] head = (key + '#' + number + '#').getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(31L * key.hashCode() + number);
        int filler = switch (random.nextInt(20)) {
            case 0 -> random.nextInt(300_000);
            case 1, 2 -> 0;
            default -> random.nextInt(4_000);
        };
        byte[] bytes = new byte[head.length + filler + CRC_LENGTH];
        random.nextBytes(bytes);
        System.arraycopy(head, 0, bytes, 0, head.length);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - CRC_LENGTH);
        ByteBuffer.wrap(bytes).putInt(bytes.length - CRC_LENGTH, (int) crc.getValue());
        return bytes;
    }

    /** The version that the bytes are, all of them; -1 when they are none of this key. */
    static int numberOf(String key, byte[] bytes) {
        byte[] head = (key + '#').getBytes(StandardCharsets.UTF_8);
        int at = head.length;
        if (bytes.length < at || !Arrays.equals(bytes, 0, at, head, 0, at)) {
            return -1;
        }
        int number = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && number < 100_000_000) {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        return Arrays.equals(bytes, of(key, number)) ? number : -1;
    }
}
