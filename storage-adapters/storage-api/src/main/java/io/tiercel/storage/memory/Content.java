package io.tiercel.storage.memory;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of one version of an object, in chunks of one size but the last, and their hash. Immutable and threadsafe.
 */
final class Content {
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final int HASH_LENGTH = 16;

    private final List<byte[]> chunks;
    private final long length;
    private final String etag;

    private Content(List<byte[]> chunks, long length, String etag) {
        this.chunks = List.copyOf(chunks);
        this.length = length;
        this.etag = etag;
    }

    /**
     * Reads a source to its end. What a wrong {@code expected} claims is never allocated.
     *
     * @throws UncheckedIOException when the source fails, or gives more or less than expected.
     * @throws io.tiercel.storage.StorageException of the budget.
     */
    static Content readFrom(ReadableByteChannel source, long expected, Budget.Claim claim) {
        MessageDigest digest = sha256();
        List<byte[]> chunks = new ArrayList<>();
        long length = 0;
        boolean ended = false;
        while (!ended) {
            byte[] chunk = new byte[chunkLength(expected < 0 ? expected : expected - length)];
            int filled = fill(chunk, source);
            claim.add(filled);
            digest.update(chunk, 0, filled);
            chunks.add(filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled));
            length += filled;
            requireAtMost(expected, length);
            ended = filled < chunk.length;
        }
        requireAtMost(expected, length);
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length < expected) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + length + " of " + expected + " bytes"));
        }
        String etag = '"' + HexFormat.of().formatHex(digest.digest(), 0, HASH_LENGTH) + '"';
        return new Content(chunks, length, etag);
    }

    long length() {
        return length;
    }

    /** Hash of the bytes, with quotes. */
    String etag() {
        return etag;
    }

    /** Copies from a position that is in the content, up to an end, as much as there is in its chunk and fits. */
    int copy(long position, long end, ByteBuffer target) {
        byte[] chunk = chunks.get((int) (position / CHUNK_LENGTH));
        int offset = (int) (position % CHUNK_LENGTH);
        int count = (int) Math.min(Math.min(chunk.length - offset, end - position), target.remaining());
        target.put(chunk, offset, count);
        return count;
    }

    /** One more than expected, so that a source that goes on is noticed. */
    private static int chunkLength(long expected) {
        return expected < 0 || expected >= CHUNK_LENGTH ? CHUNK_LENGTH : (int) expected + 1;
    }

    /** How many bytes came; fewer than fit only at the end of the source. */
    private static int fill(byte[] chunk, ReadableByteChannel source) {
        ByteBuffer target = ByteBuffer.wrap(chunk);
        try {
            while (target.hasRemaining() && source.read(target) >= 0) {
                // Goes on until the chunk is full or the source at its end.
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
        return target.position();
    }

    private static void requireAtMost(long expected, long length) {
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length > expected) {
            throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256, which every JDK must have", e);
        }
    }
}
