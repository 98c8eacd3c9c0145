package io.tiercel.shard;

import io.tiercel.load.ListedEntry;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Reads the entries that {@link ListingBytes} collected, one after another. Not threadsafe. */
final class ListingReader {
    private byte[] path = {};
    private int pathLength;
    private long lastModifiedMs;
    private int position;

    /** Whether nothing is left in these bytes, which are those of the calls before, or more. */
    boolean isAtEnd(DirectBuffer bytes) {
        return Math.max(position, 1) >= bytes.capacity();
    }

    /**
     * The next entry.
     *
     * @throws IllegalArgumentException when the bytes are no listing.
     */
    ListedEntry next(DirectBuffer bytes) {
        if (position == 0) {
            if (bytes.getByte(position++) != ListingBytes.VERSION) {
                throw new IllegalArgumentException("no listing of a version that is known");
            }
        }
        long flags = number(bytes);
        readPath(bytes);
        boolean isFolder = (flags & ListingBytes.FOLDER) != 0;
        long length = isFolder ? 0 : number(bytes) - 1;
        long zigzag = number(bytes);
        lastModifiedMs += (zigzag >>> 1) ^ -(zigzag & 1);
        String etag = (flags & ListingBytes.WITH_ETAG) != 0 ? text(bytes) : "";
        return new ListedEntry(new String(path, 0, pathLength, StandardCharsets.UTF_8), isFolder, length, etag,
                lastModifiedMs);
    }

    private void readPath(DirectBuffer bytes) {
        int shared = count(number(bytes), pathLength);
        int rest = count(number(bytes), bytes.capacity() - position);
        if (shared + rest > path.length) {
            byte[] larger = new byte[Math.max(shared + rest, 2 * path.length)];
            System.arraycopy(path, 0, larger, 0, shared);
            path = larger;
        }
        bytes.getBytes(position, path, shared, rest);
        position += rest;
        pathLength = shared + rest;
    }

    private String text(DirectBuffer bytes) {
        byte[] utf8 = new byte[count(number(bytes), bytes.capacity() - position)];
        bytes.getBytes(position, utf8);
        position += utf8.length;
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static int count(long value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("no listing: count=" + value + " most=" + most);
        }
        return (int) value;
    }

    private long number(DirectBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= bytes.capacity()) {
                break;
            }
            byte next = bytes.getByte(position++);
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("no listing: a number without an end");
    }
}
