package io.tiercel.shard;

import io.tiercel.load.ListedEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The entries of a listing as the bytes of a frame, being collected. Not threadsafe.
 *
 * <pre>
 *   version (1 byte), then for each entry, numbers as LEB128:
 *     flags        1: folder, 2: with an ETag
 *     shared       bytes of the path, in UTF-8, that are those of the entry before
 *     length, ...  the rest of the path
 *     length + 1   of the object; a file alone
 *     modified     ms since 1970 less those of the entry before, zigzag
 *     length, ...  the ETag, where there is one
 * </pre>
 *
 * <p>The frame bears their checksum; {@link ListingReader} reads them.
 */
final class ListingBytes {
    static final byte VERSION = 1;
    static final int FOLDER = 1;
    static final int WITH_ETAG = 2;

    private static final int FIRST_LENGTH = 4096;
    private static final byte[] NOTHING = {};
    /** A number of 64 bits at its longest. */
    private static final int NUMBER_ROOM = 10;

    private final UnsafeBuffer view = new UnsafeBuffer(NOTHING);
    private byte[] bytes = new byte[FIRST_LENGTH];
    private int length;
    private byte[] lastPath = NOTHING;
    private long lastModifiedMs;

    ListingBytes() {
        bytes[length++] = VERSION;
    }

    int length() {
        return length;
    }

    /** Heap bytes that it takes. */
    int capacity() {
        return bytes.length;
    }

    /** What was collected so far; valid until the next entry. */
    DirectBuffer view() {
        view.wrap(bytes, 0, length);
        return view;
    }

    /** Writes them all; nothing may be added meanwhile. Any thread. */
    void copyTo(ByteBuffer room) {
        room.put(bytes, 0, length);
    }

    /** Adds an entry unless all of them would be longer than a limit then; answers whether it did. */
    boolean tryAdd(ListedEntry entry, long limit) {
        int before = length;
        byte[] path = entry.path().getBytes(StandardCharsets.UTF_8);
        byte[] etag = entry.etag().getBytes(StandardCharsets.UTF_8);
        int mismatch = Arrays.mismatch(lastPath, path);
        int shared = mismatch < 0 ? path.length : mismatch;
        reserve(5 * NUMBER_ROOM + path.length + etag.length);
        number((entry.isFolder() ? FOLDER : 0) | (etag.length > 0 ? WITH_ETAG : 0));
        number(shared);
        raw(path, shared, path.length - shared);
        if (!entry.isFolder()) {
            number(entry.length() + 1);
        }
        long delta = entry.lastModifiedMs() - lastModifiedMs;
        number((delta << 1) ^ (delta >> 63));
        if (etag.length > 0) {
            raw(etag, 0, etag.length);
        }
        if (length > limit) {
            length = before;
            return false;
        }
        lastPath = path;
        lastModifiedMs = entry.lastModifiedMs();
        return true;
    }

    private void reserve(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length + (bytes.length >> 1)));
        }
    }

    private void raw(byte[] source, int offset, int count) {
        number(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
    }
}
