package io.tiercel.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one version, whose name is the key that it was made for and a number: the name, filler that follows from it, a
 * checksum. A move takes the bytes along, so that another key may hold them. Stateless.
 */
final class ModelPayload {
    /** What the names of larger ones begin with. */
    static final String LARGE = "paged/";

    private static final int CRC_LENGTH = Integer.BYTES;
    private static final int NAME_LENGTH = 64;

    private ModelPayload() {}

    private static int fillerOf(String name, SplittableRandom random) {
        int kind = random.nextInt(20);
        if (name.startsWith(LARGE) && kind < 16) {
            return 20_000 + random.nextInt(100_000);
        }
        return switch (kind) {
            case 0 -> random.nextInt(300_000);
            case 1, 2 -> 0;
            default -> random.nextInt(4_000);
        };
    }

    static int lengthOf(String name) {
        return name.length() + 1 + fillerOf(name, new SplittableRandom(name.hashCode())) + CRC_LENGTH;
    }

    static byte[] of(String name) {
        byte[] head = (name + '#').getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(name.hashCode());
        byte[] bytes = new byte[head.length + fillerOf(name, random) + CRC_LENGTH];
        random.nextBytes(bytes);
        System.arraycopy(head, 0, bytes, 0, head.length);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - CRC_LENGTH);
        ByteBuffer.wrap(bytes).putInt(bytes.length - CRC_LENGTH, (int) crc.getValue());
        return bytes;
    }

    /** The name of the version that the bytes are, all of them; null when they are none. */
    static @Nullable String nameOf(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, NAME_LENGTH), StandardCharsets.ISO_8859_1);
        int end = head.indexOf('#', head.indexOf('#') + 1);
        if (end < 0) {
            return null;
        }
        String name = head.substring(0, end);
        return lengthOf(name) == bytes.length && Arrays.equals(bytes, of(name)) ? name : null;
    }
}
