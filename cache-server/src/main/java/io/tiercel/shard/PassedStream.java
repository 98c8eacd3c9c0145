package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.StoreCall;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.tier.Clock;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.PassedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an object on their way from its store to one reader, past the cache: a chunk is read when the reader asks for
 * it, into memory that is used again when the reader has let go of it. So a slow reader slows its store's body, and
 * whatever the object's length a reader takes a few chunks. Single writer: shard agent.
 */
final class PassedStream {
    /** Small enough for many readers, large enough that handing over costs little beside it. */
    static final int CHUNK_LENGTH = 512 * 1024;

    private final ObjectRead read;
    private final Key key;
    private final Mount mount;
    private final StoreCalls calls;
    private final Clock clock;
    private final Consumer<PassedStream> atEnd;
    private final String etag;
    private final long totalLength;
    private final long end;
    private final Queue<PassedFrame> spare = new ArrayDeque<>();
    private final FrameView view = new FrameView();
    private long readPosition;
    private long usedNs;
    private @Nullable StoreCall underWay;
    private boolean isOvertaken;
    private boolean isClosed;
    private boolean isBodyClosed;

    /**
     * @param read  from now on its own.
     * @param atEnd called once, when the store's body is closed.
     */
    PassedStream(ObjectRead read, Key key, Mount mount, StoreCalls calls, Clock clock,
            Consumer<PassedStream> atEnd) {
        ObjectInfo info = read.info();
        this.read = read;
        this.key = key;
        this.mount = mount;
        this.calls = calls;
        this.clock = clock;
        this.atEnd = atEnd;
        this.usedNs = clock.nowNs();
        this.etag = Objects.requireNonNullElseGet(info.etag(), PassedStream::ownEtag);
        this.totalLength = info.length();
        this.readPosition = read.offset();
        this.end = read.length() < 0 ? totalLength : read.offset() + read.length();
    }

    /** For bytes that their store gives no tag: nothing else has this one, so that nobody takes others for their rest. */
    private static String ownEtag() {
        return "W/\"passed-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + '"';
    }

    Key key() {
        return key;
    }

    /** The store's, or one of its own. */
    String etag() {
        return etag;
    }

    /** A write or an invalidation came after it: for reads that began before alone. */
    void overtake() {
        isOvertaken = true;
    }

    boolean isOvertaken() {
        return isOvertaken;
    }

    /** Whether its reader has asked for nothing since then. */
    boolean isIdleSince(long ns) {
        return underWay == null && usedNs - ns < 0;
    }

    long totalLength() {
        return totalLength;
    }

    /** Whether the byte can come from here: bytes before it are read past, those behind are gone. */
    boolean reaches(long position) {
        return !isClosed && underWay == null && position >= readPosition && (position < end || position >= totalLength);
    }

    /** Reads the chunk that begins at a position. One at a time. */
    void next(long position, long maxLength, long deadlineNs, PartHandler handler) {
        int length = (int) Math.max(0, Math.min(Math.min(CHUNK_LENGTH, maxLength), end - position));
        PassedFrame frame = frameFor(length);
        if (frame == null) {
            close();
            handler.onFailure(ErrorCode.STORE_UNAVAILABLE, "store describes the object in words too long: key=" + key,
                    0);
            return;
        }
        underWay = calls.run("pass", deadlineNs, () -> {
            skipTo(Math.min(position, end));
            return fill(frame.payload());
        }, (crc, failure) -> {
            underWay = null;
            usedNs = clock.nowNs();
            if (failure != null || isClosed) {
                frame.letGo();
                closeRead();
                TiercelException error = failure == null
                        ? new TiercelException(ErrorCode.NODE_UNAVAILABLE, "reader is closed: key=" + key)
                        : StoreErrors.translate(mount, failure);
                handler.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
                return;
            }
            readPosition = Math.min(position, end) + length;
            handler.onPart(frame.complete(crc, etag, view), position, totalLength, Served.STORE);
            frame.letGo();
            if (readPosition >= end) {
                close();
            }
        });
    }

    private @Nullable PassedFrame frameFor(int length) {
        PassedFrame used = spare.poll();
        PassedFrame[] made = new PassedFrame[1];
        Runnable whenFree = () -> {
            if (!isClosed) {
                spare.add(Objects.requireNonNull(made[0]));
            }
        };
        if (used != null && used.holds(length)) {
            made[0] = used.again(length, whenFree);
        } else {
            ObjectInfo info = read.info();
            made[0] = PassedFrame.of(new FrameRequest(key, length, etag.length(), Objects.requireNonNullElse(info
                    .contentType(), ""), 0, info.lastModifiedMs(), 0), clock.nowMs(), whenFree);
        }
        return made[0];
    }

    private void skipTo(long position) {
        long left = position - readPosition;
        ByteBuffer sink = ByteBuffer.allocate((int) Math.min(64 * 1024, Math.max(left, 0)));
        while (left > 0) {
            sink.clear().limit((int) Math.min(sink.capacity(), left));
            int count = read.read(sink);
            if (count < 0) {
                throw shortBody();
            }
            left -= count;
        }
    }

    private int fill(ByteBuffer target) {
        while (target.hasRemaining()) {
            if (read.read(target) < 0) {
                throw shortBody();
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(target.flip());
        return (int) crc.getValue();
    }

    private TiercelException shortBody() {
        return new TiercelException(ErrorCode.STORE_UNAVAILABLE, "store sent a short body: key=" + key);
    }

    /** Lets go of the store's body, at once unless it is being read: then as soon as that can be ended. Idempotent. */
    void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        spare.clear();
        StoreCall busy = underWay;
        if (busy != null) {
            busy.cancel();
        } else {
            closeRead();
        }
    }

    private void closeRead() {
        isClosed = true;
        if (isBodyClosed) {
            return;
        }
        isBodyClosed = true;
        calls.run("close", () -> {
            read.close();
            return read;
        }, (closed, failure) -> atEnd.accept(this));
    }
}
