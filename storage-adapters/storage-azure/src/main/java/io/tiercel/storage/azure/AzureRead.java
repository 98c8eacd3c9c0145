package io.tiercel.storage.azure;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A blob, or a range of one, being read from the connection. Not threadsafe. */
final class AzureRead extends AbstractRead {
    private static final int PORTION = 64 * 1024;

    private final AzureErrors errors;
    private final @Nullable SocketResponse answer;
    private final InputStream bytes;
    private byte[] portion = new byte[0];
    private long position;

    /** @param answer closed with the read; null when there is nothing to read. */
    AzureRead(StorageGuard guard, AzureErrors errors, ObjectInfo info, @Nullable SocketResponse answer, long offset,
            long length) throws IOException {
        super(guard, info, offset, length);
        this.errors = errors;
        this.answer = answer;
        this.bytes = answer == null ? InputStream.nullInputStream() : answer.stream();
    }

    @Override
    protected int draw(ByteBuffer target) {
        if (position == length()) {
            return -1;
        }
        int most = (int) Math.min(Math.min(target.remaining(), PORTION), length() - position);
        if (most == 0) {
            return 0;
        }
        errors.requireUninterrupted(path());
        try {
            int count = target.hasArray() ? readInto(target, most) : readThrough(target, most);
            if (count < 0) {
                throw errors.of(Kind.UNAVAILABLE, path(),
                        "the answer ended after " + position + " of " + length() + " bytes");
            }
            position += count;
            if (position == length()) {
                requireEnd();
            }
            return count;
        } catch (IOException e) {
            throw errors.of(path(), e);
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
            portion = new byte[(int) Math.min(PORTION, length())];
        }
        int count = bytes.read(portion, 0, most);
        target.put(portion, 0, Math.max(0, count));
        return count;
    }

    @Override
    protected void release() {
        if (answer != null) {
            answer.close(position == length());
        }
    }
}
