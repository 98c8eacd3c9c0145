package io.tiercel.tier;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * Checksum and entity tag of a payload, taken in one pass over its pieces in order. The tag is a 128-bit hash of the
 * bytes (XXH3): equal bytes have equal tags on every node. Not threadsafe; one payload an instance.
 */
public final class ContentHash {
    /** Characters of every tag, with its quotes. */
    public static final int ETAG_LENGTH = 2 + 32;

    private static final int SCRATCH_LENGTH = 16 * 1024;

    private final CRC32C crc = new CRC32C();
    private final HashStream128 hash = Hashing.xxh3_128().hashStream();
    private byte[] scratch = new byte[0];

    /** Takes the buffer's remaining bytes; its position stays. */
    public ContentHash update(ByteBuffer source) {
        ByteBuffer view = source.duplicate();
        while (view.hasRemaining()) {
            byte[] piece = scratchFor(view.remaining());
            int length = Math.min(piece.length, view.remaining());
            // Both from a copy: what computes a checksum over a mapping ends the process where its file was cut short.
            view.get(piece, 0, length);
            crc.update(piece, 0, length);
            hash.putBytes(piece, 0, length);
        }
        return this;
    }

    /** Takes a range of a buffer. */
    public ContentHash update(DirectBuffer source, int offset, int length) {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            byte[] piece = scratchFor(end - position);
            int pieceLength = Math.min(piece.length, end - position);
            source.getBytes(position, piece, 0, pieceLength);
            crc.update(piece, 0, pieceLength);
            hash.putBytes(piece, 0, pieceLength);
            position += pieceLength;
        }
        return this;
    }

    /** CRC-32C of what was taken so far. */
    public int crc() {
        return (int) crc.getValue();
    }

    /** The entity tag of what was taken so far, with its quotes. */
    public String etag() {
        HashValue128 value = hash.get();
        HexFormat hex = HexFormat.of();
        return '"' + hex.toHexDigits(value.getMostSignificantBits()) + hex.toHexDigits(value.getLeastSignificantBits())
                + '"';
    }

    private byte[] scratchFor(int length) {
        if (scratch.length < Math.min(length, SCRATCH_LENGTH)) {
            scratch = new byte[Math.min(Math.max(length, 256), SCRATCH_LENGTH)];
        }
        return scratch;
    }
}
