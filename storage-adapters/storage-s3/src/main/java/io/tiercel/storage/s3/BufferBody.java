package io.tiercel.storage.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import software.amazon.awssdk.core.sync.RequestBody;

/** The bytes of a buffer as the body of a request, without a copy: valid as long as the buffer is. Not threadsafe. */
final class BufferBody extends InputStream {
    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private final ByteBuffer bytes;

    private BufferBody(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** From the buffer's position to its limit; it is read twice where the request is signed with its content. */
    static RequestBody of(ByteBuffer bytes) {
        return RequestBody.fromContentProvider(() -> new BufferBody(bytes.duplicate()), bytes.remaining(),
                UNKNOWN_TYPE);
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    // Not synchronized, as that of InputStream is: a stream is one thread's.
    @Override
    public void mark(int limit) {
        bytes.mark();
    }

    @Override
    public void reset() {
        bytes.reset();
    }
}
