package io.tiercel.storage.azure;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A blob, or a range of one, being read from the connection. Not threadsafe. */
final class AzureRead implements ObjectRead {
    private static final int PORTION = 64 * 1024;

    private final StorageGuard guard;
    private final AzureErrors errors;
    private final ObjectInfo info;
    private final @Nullable SocketResponse answer;
    private final InputStream bytes;
    private final long offset;
    private final long length;
    private byte[] portion = new byte[0];
    private long position;
    private boolean closed;

    /** @param answer closed with the read; null when there is nothing to read. */
    AzureRead(StorageGuard guard, AzureErrors errors, ObjectInfo info, @Nullable SocketResponse answer, long offset,
            long length) throws IOException {
        this.guard = guard;
        this.errors = errors;
        this.info = info;
        this.answer = answer;
        this.bytes = answer == null ? InputStream.nullInputStream() : answer.stream();
        this.offset = offset;
        this.length = length;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read(ByteBuffer target) {
        if (closed) {
            throw new IllegalStateException("read of '" + info.path() + "' was closed");
        }
        guard.requireOpen(info.path());
        if (position == length) {
            return -1;
        }
        int most = (int) Math.min(Math.min(target.remaining(), PORTION), length - position);
        if (most == 0) {
            return 0;
        }
        errors.requireUninterrupted(info.path());
        try {
            int count = target.hasArray() ? readInto(target, most) : readThrough(target, most);
            if (count < 0) {
                throw errors.of(Kind.UNAVAILABLE, info.path(),
                        "the answer ended after " + position + " of " + length + " bytes");
            }
            position += count;
            if (position == length) {
                requireEnd();
            }
            return count;
        } catch (IOException e) {
            throw errors.of(info.path(), e);
        }
    }

    /** Sees the end of the body before the caller has its last byte. */
    private void requireEnd() throws IOException {
        if (bytes.read() >= 0) {
            throw new LongBodyException();
        }
    }

    private int readInto(ByteBuffer target, int most) throws IOException {
        int count = bytes.read(target.array(), target.arrayOffset() + target.position(), most);
        target.position(target.position() + Math.max(0, count));
        return count;
    }

    private int readThrough(ByteBuffer target, int most) throws IOException {
        if (portion.length < most) {
            portion = new byte[(int) Math.min(PORTION, length)];
        }
        int count = bytes.read(portion, 0, most);
        target.put(portion, 0, Math.max(0, count));
        return count;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (answer != null) {
                answer.close(position == length);
            }
        }
    }
}
