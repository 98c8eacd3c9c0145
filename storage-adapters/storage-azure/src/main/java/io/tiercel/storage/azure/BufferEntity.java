package io.tiercel.storage.azure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/** The bytes of a buffer as the body of a request, without a copy of them all. Not threadsafe. */
final class BufferEntity extends AbstractHttpEntity {
    private static final int PORTION = 32 * 1024;
    /** One that nobody uses now: the many blocks of a long write pass through the same one. */
    private static final AtomicReference<byte @Nullable []> SPARE = new AtomicReference<>();

    private final ByteBuffer bytes;

    BufferEntity(ByteBuffer bytes) {
        super((String) null, null, false);
        this.bytes = bytes;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer rest = bytes.duplicate();
        byte[] spare = SPARE.getAndSet(null);
        byte[] portion = spare == null ? new byte[PORTION] : spare;
        while (rest.hasRemaining()) {
            int count = Math.min(portion.length, rest.remaining());
            rest.get(portion, 0, count);
            out.write(portion, 0, count);
        }
        SPARE.set(portion);
    }

    @Override
    public InputStream getContent() {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return new ByteArrayInputStream(copy);
    }

    @Override
    public long getContentLength() {
        return bytes.remaining();
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {
        // The buffer is its owner's.
    }
}
