package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An object's bytes in order, of one version, however large it is: a part of it is held at a time. Not threadsafe. A read
 * throws {@link TiercelException} as {@link TiercelClient#get} does, PRECONDITION_FAILED when the object was changed since
 * the stream began and the rest of the old version is gone.
 */
public final class ObjectStream extends InputStream {
    private final RangeReader reader;
    private final Key key;
    private final long timeoutNs;
    private final String etag;
    private final String contentType;
    private final long objectLength;
    private final long end;
    private @Nullable Frame part;
    private int consumed;
    private long position;
    private boolean isClosed;

    private ObjectStream(RangeReader reader, Key key, long timeoutNs, Frame first, long length) {
        this.reader = reader;
        this.key = key;
        this.timeoutNs = timeoutNs;
        this.part = first;
        this.etag = first.etag();
        this.contentType = first.contentType();
        this.objectLength = first.objectLength();
        this.position = first.offset();
        this.end = length > objectLength - position ? objectLength : position + length;
    }

    /** Asks for the first part; null when there is no such object. */
    static @Nullable ObjectStream open(RangeReader reader, Key key, long offset, long length, long timeoutNs) {
        Frame first = reader.part(key, new ByteRange(offset, length, ""), reader.deadlineNs(timeoutNs));
        return first == null ? null : new ObjectStream(reader, key, timeoutNs, first, length);
    }

    /** With its quotes, or empty. */
    public String etag() {
        return etag;
    }

    /** Empty when the object has none. */
    public String contentType() {
        return contentType;
    }

    /** Bytes of the whole object, of which this stream may give a range. */
    public long objectLength() {
        return objectLength;
    }

    /** Bytes that are still to come. */
    public long left() {
        return Math.max(0, end - position);
    }

    @Override
    public int available() {
        Frame held = part;
        return held == null ? 0 : (int) held.length() - consumed;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (isClosed) {
            throw new IllegalStateException("stream of " + key + " is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        Frame held = held();
        int count = (int) Math.min(Math.min(length, held.length() - consumed), end - position);
        held.buffer().getBytes(consumed, target, offset, count);
        consumed += count;
        position += count;
        if (position >= end) {
            drop();
        }
        return count;
    }

    private Frame held() {
        Frame held = part;
        if (held != null && consumed < held.length()) {
            return held;
        }
        drop();
        Frame next = reader.part(key, new ByteRange(position, end - position, etag), reader.deadlineNs(timeoutNs));
        if (next == null) {
            throw new TiercelException(ErrorCode.PRECONDITION_FAILED, "object is gone: key=" + key);
        }
        part = next;
        return next;
    }

    private void drop() {
        Frame held = part;
        part = null;
        consumed = 0;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        drop();
    }
}
