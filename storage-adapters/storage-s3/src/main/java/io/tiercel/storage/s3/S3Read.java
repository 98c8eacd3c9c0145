package io.tiercel.storage.s3;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of an answer, drawn into the caller's buffers; into those outside the heap through a small one of its own. Before
 * it gives the last byte it has seen the end of the body, and with that the SDK its checksum. Not threadsafe.
 */
final class S3Read extends AbstractRead {
    private static final int STAGE_LENGTH = 32 * 1024;

    private final S3Errors errors;
    private final S3Session.Use use;
    /** Null where there is nothing to read. */
    private final @Nullable ResponseInputStream<GetObjectResponse> body;
    private byte @Nullable [] stage;
    private long count;
    private boolean ended;

    /** Closes the use of the client with itself. */
    S3Read(StorageGuard guard, S3Errors errors, S3Session.Use use, ObjectInfo info, long offset, long length,
            @Nullable ResponseInputStream<GetObjectResponse> body) {
        super(guard, info, offset, length);
        this.errors = errors;
        this.use = use;
        this.body = body;
    }

    @Override
    protected int draw(ByteBuffer target) {
        InputStream in = body;
        if (in == null || count == length()) {
            return atEnd(in, target);
        }
        try {
            int most = (int) Math.min(target.remaining(), length() - count);
            int more = most == 0 ? 0 : draw(in, target, most);
            if (more < 0) {
                throw errors.of(Kind.UNAVAILABLE, path(),
                        "the body ended after " + count + " of " + length() + " bytes");
            }
            count += more;
            if (count == length()) {
                requireEnd(in);
            }
            return more;
        } catch (IOException | SdkException e) {
            throw errors.of(path(), e);
        }
    }

    private int atEnd(@Nullable InputStream in, ByteBuffer target) {
        if (in != null && !ended) {
            try {
                requireEnd(in);
            } catch (IOException | SdkException e) {
                throw errors.of(path(), e);
            }
        }
        return target.hasRemaining() ? -1 : 0;
    }

    private void requireEnd(InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the body goes on after " + length() + " bytes");
        }
        ended = true;
    }

    private int draw(InputStream in, ByteBuffer target, int most) throws IOException {
        if (target.hasArray()) {
            int more = in.read(target.array(), target.arrayOffset() + target.position(), most);
            if (more > 0) {
                target.position(target.position() + more);
            }
            return more;
        }
        byte[] staged = stage;
        if (staged == null) {
            staged = new byte[(int) Math.min(STAGE_LENGTH, length() - count)];
            stage = staged;
        }
        int more = in.read(staged, 0, Math.min(most, staged.length));
        if (more > 0) {
            target.put(staged, 0, more);
        }
        return more;
    }

    /** Breaks the connection off unless its body has ended: what is left of it is not worth the wait. */
    @Override
    protected void release() {
        try (use) {
            if (body != null && ended) {
                body.close();
            } else if (body != null) {
                body.abort();
            }
        } catch (IOException | RuntimeException e) {
            // The connection is of no more use either way.
            return;
        }
    }
}
