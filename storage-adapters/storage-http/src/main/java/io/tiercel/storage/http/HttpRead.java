package io.tiercel.storage.http;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of one answer, or a part of them. Before the last one is given the end of the body was seen. Not threadsafe. */
final class HttpRead extends AbstractRead {
    private final HttpErrors errors;
    /** None where nothing is to be read. */
    private final @Nullable Body body;
    /** Bytes that are given at most, also where the length is unknown. */
    private final long most;
    /** Whether the body ends where the read does, and not behind. */
    private final boolean isToEnd;
    private long given;
    private boolean failed;

    private HttpRead(StorageGuard guard, HttpErrors errors, ObjectInfo info, @Nullable Body body, long offset,
            long length, long most, boolean isToEnd) {
        super(guard, info, offset, length);
        this.errors = errors;
        this.body = body;
        this.most = most;
        this.isToEnd = isToEnd;
    }

    /** Of so many bytes that come next. */
    static HttpRead of(StorageGuard guard, HttpErrors errors, ObjectInfo info, Body body, long offset, long length,
            boolean isToEnd) {
        return new HttpRead(guard, errors, info, body, offset, length, length, isToEnd);
    }

    /** Of the bytes that come until the body's end, at most so many unless that is unknown. */
    static HttpRead ofUnknownLength(StorageGuard guard, HttpErrors errors, ObjectInfo info, Body body, long offset,
            long most) {
        return new HttpRead(guard, errors, info, body, offset, ObjectInfo.UNKNOWN_LENGTH,
                most < 0 ? Long.MAX_VALUE : most, false);
    }

    /** Of no bytes. */
    static HttpRead empty(StorageGuard guard, HttpErrors errors, ObjectInfo info, long offset) {
        return new HttpRead(guard, errors, info, null, offset, 0, 0, true);
    }

    @Override
    protected int draw(ByteBuffer target) {
        if (failed) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the read failed before");
        }
        if (body == null || given == most) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            return readFrom(body, target);
        } catch (IOException e) {
            failed = true;
            body.close();
            throw errors.of(path(), e);
        }
    }

    private int readFrom(Body from, ByteBuffer target) throws IOException {
        int begin = target.position();
        int limit = target.limit();
        if (limit - begin > most - given) {
            target.limit((int) (begin + (most - given)));
        }
        try {
            int count = from.read(target);
            if (count < 0) {
                return end();
            }
            given += count;
            if (given == length() && isToEnd) {
                seeEnd(from);
            }
            return count;
        } catch (IOException e) {
            target.position(begin);
            throw e;
        } finally {
            target.limit(limit);
        }
    }

    private int end() throws IOException {
        if (length() >= 0) {
            throw new ProtocolException("fewer bytes came than the server announced");
        }
        return -1;
    }

    /** Looks behind the last byte, before the caller has it. */
    private static void seeEnd(Body body) throws IOException {
        if (!body.isEnded() && body.skip(1) >= 0) {
            throw new ProtocolException("more bytes came than the server announced");
        }
        body.requireNothingBehind();
    }

    @Override
    protected void release() {
        if (body != null) {
            body.close();
        }
    }
}
