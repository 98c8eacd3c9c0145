package io.tiercel.bench.soak;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of one version of one key, which follow from the two: so whoever has the bytes can tell what they are.
 * Stateless.
 *
 * <pre>
 *   0   key            UTF-8, padded with zeros to 32 bytes or a multiple
 *       blocks         32 bytes each: version i64 | hash of the key i64 | number of the block i64 | mix of the three i64
 *       checksum       i32  CRC-32C of all before
 * </pre>
 *
 * Every range of {@link #LEAST_JUDGEABLE} bytes that ends before the checksum holds a whole block, which tells its version.
 */
final class SoakPayload {
    static final int BLOCK_LENGTH = 32;
    /** Bytes of a range from which its version can surely be told, unless it lies at an end. */
    static final int LEAST_JUDGEABLE = 128;
    /** Answer of {@link #versionOf} where no whole block lies in the part. */
    static final long UNTOLD = -1L;

    private static final int CRC_LENGTH = Integer.BYTES;
    private static final int LARGE_BLOCKS = 64 * 1024;
    private static final int MEDIUM_BLOCKS = 4 * 1024;
    private static final int SMALL_BLOCKS = 128;

    private SoakPayload() {}

    static byte[] of(String key, long version) {
        long hash = hashOf(key);
        int header = headerLength(key);
        byte[] bytes = new byte[lengthOf(key, version)];
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(name, 0, bytes, 0, name.length);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        int end = bytes.length - CRC_LENGTH;
        for (int at = header, block = 0; at < end; at += BLOCK_LENGTH, block++) {
            buffer.putLong(at, version);
            buffer.putLong(at + 8, hash);
            buffer.putLong(at + 16, block);
            buffer.putLong(at + 24, mix(version ^ mix(hash ^ mix(block))));
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        buffer.putInt(end, (int) crc.getValue());
        return bytes;
    }

    /** Bytes of a version: mostly a few hundred or thousand, now and then 64 KiB to 2 MiB. */
    static int lengthOf(String key, long version) {
        long draw = mix(hashOf(key) + version * 0x9E3779B97F4A7C15L);
        int kind = (int) (draw & 63);
        int most = kind == 0 ? LARGE_BLOCKS : kind < 8 ? MEDIUM_BLOCKS : SMALL_BLOCKS;
        int blocks = 1 + (int) ((draw >>> 8) % most);
        return headerLength(key) + blocks * BLOCK_LENGTH + CRC_LENGTH;
    }

    /** The version that a part of an object says it is of, or {@link #UNTOLD}; the rest of it is yet to be compared. */
    static long versionOf(String key, byte[] part, int from, int total) {
        int header = headerLength(key);
        int start = Math.max(header, from);
        int aligned = header + (start - header + BLOCK_LENGTH - 1) / BLOCK_LENGTH * BLOCK_LENGTH;
        boolean holdsBlock = aligned + BLOCK_LENGTH <= Math.min(from + part.length, total - CRC_LENGTH);
        return holdsBlock ? new UnsafeBuffer(part).getLong(aligned - from) : UNTOLD;
    }

    private static int headerLength(String key) {
        return (key.length() + BLOCK_LENGTH - 1) / BLOCK_LENGTH * BLOCK_LENGTH;
    }

    private static long hashOf(String key) {
        long hash = 1;
        for (int i = 0; i < key.length(); i++) {
            hash = mix(hash ^ key.charAt(i));
        }
        return hash;
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
