package io.tiercel.shard;

import io.tiercel.load.StoreCalls;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.Clock;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.PassedFrame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way into a frame, of which those who read the object part by part are given what has come, a chunk at a
 * time and copied: the frame is not checked yet, and may never be published. Their next parts come from here, from the
 * frame, or from the store again, under If-Match of the ETag that is served here. Written by the load's thread where it
 * says so, else for the shard agent while the load is filling.
 */
final class Arriving {
    /** A shorter object is here before a part of it is of use. */
    static final int LEAST_LENGTH = 1 << 20;
    /** Copied on the shard thread: small enough that reads behind it do not wait for long. */
    static final int CHUNK_LENGTH = 128 * 1024;

    private final Load load;
    private final ByteBuffer bytes;
    private final ObjectInfo info;
    private final String etag;
    private final StoreCalls calls;
    private final Clock clock;
    private final Budget budget;
    private final FrameView view = new FrameView();
    private final Runnable tell = this::tell;
    private final AtomicBoolean isTold = new AtomicBoolean();
    private volatile int filled;

    /** Chunks that readers may hold at a time, over all loads. Single writer: shard agent. */
    static final class Budget {
        private final int most;
        private int used;

        Budget(int most) {
            this.most = most;
        }
    }

    private Arriving(Load load, Allocation allocation, ObjectInfo info, String etag, StoreCalls calls, Clock clock,
            Budget budget) {
        this.load = load;
        this.bytes = allocation.payloadByteBuffer();
        this.info = info;
        this.etag = etag;
        this.calls = calls;
        this.clock = clock;
        this.budget = budget;
    }

    /** Null where nothing is served before it is whole: a short object, or one whose version nothing tells yet. */
    static @Nullable Arriving of(Load load, Allocation allocation, ObjectInfo info, StoreCalls calls, Clock clock,
            Budget budget) {
        String etag = info.etag();
        boolean isObject = load.wanted.kind() == Wanted.Kind.OBJECT && load.frameKey.equals(load.key);
        return isObject && etag != null && etag.startsWith("\"") && !info.isRacilyClean()
                && info.length() >= LEAST_LENGTH
                        ? new Arriving(load, allocation, info, etag, calls, clock, budget)
                        : null;
    }

    String etag() {
        return etag;
    }

    long totalLength() {
        return info.length();
    }

    /** So many bytes are in place, more than before. The load's thread. */
    void onBytes(int end) {
        filled = end;
        if (isTold.compareAndSet(false, true)) {
            calls.tell(tell);
        }
    }

    private void tell() {
        isTold.set(false);
        if (isOpen()) {
            for (Load.Waiter waiter : List.copyOf(load.waiters)) {
                if (waiter.handler.onArriving(this)) {
                    load.waiters.remove(waiter);
                }
            }
        }
    }

    private boolean isOpen() {
        return load.state() == Load.State.FILLING && !load.isDetached && !load.isExpired;
    }

    /** Hands on what has come from a position on, if anything has and there is memory for it. */
    boolean tryServe(long position, long maxLength, PartHandler handler) {
        // The last byte stays back until the body has turned out to be as long as it said.
        long ready = Math.min(filled, info.length() - 1);
        int length = (int) Math.min(CHUNK_LENGTH, Math.min(maxLength, ready - position));
        if (length <= 0 || budget.used >= budget.most || !isOpen()) {
            return false;
        }
        PassedFrame chunk = PassedFrame.of(new FrameRequest(load.key, length, etag.length(), Objects
                .requireNonNullElse(info.contentType(), ""), 0, info.lastModifiedMs(), load.epoch), clock.nowMs(),
                () -> budget.used--);
        if (chunk == null) {
            return false;
        }
        budget.used++;
        ByteBuffer payload = chunk.payload();
        payload.put(0, bytes, (int) position, length);
        CRC32C crc = new CRC32C();
        crc.update(payload);
        handler.onPart(chunk.complete((int) crc.getValue(), etag, view), position, info.length(), Served.STORE);
        chunk.letGo();
        return true;
    }
}
