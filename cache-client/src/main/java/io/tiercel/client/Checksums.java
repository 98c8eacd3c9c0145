package io.tiercel.client;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** CRC-32C of a range of any kind of buffer. Stateless. */
final class Checksums {
    private static final int COPY_LENGTH = 16 * 1024;

    private Checksums() {}

    static int crc32c(DirectBuffer source, int offset, int length) {
        CRC32C crc = new CRC32C();
        byte[] array = source.byteArray();
        if (array != null) {
            crc.update(array, source.wrapAdjustment() + offset, length);
        } else {
            updateByCopy(crc, source, offset, length);
        }
        return (int) crc.getValue();
    }

    /** By copies: native code that meets the end of a file cut short under its mapping ends the process, a copy throws. */
    private static void updateByCopy(CRC32C crc, DirectBuffer source, int offset, int length) {
        byte[] copy = new byte[Math.min(length, COPY_LENGTH)];
        UnsafeBuffer target = new UnsafeBuffer(copy);
        for (int done = 0; done < length;) {
            int piece = Math.min(copy.length, length - done);
            source.getBytes(offset + done, target, 0, piece);
            crc.update(copy, 0, piece);
            done += piece;
        }
    }
}
