package io.tiercel.tier;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.FrameSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame in heap memory of its own, which no tier keeps: it is handed to those who asked, and goes with the last of
 * them. Its payload is written by one thread before {@link #complete}; everything else is for the shard agent.
 */
public final class PassedFrame {
    private final UnsafeBuffer image;
    private final FrameFlyweight frame = new FrameFlyweight();
    private final Runnable atEnd;
    private int holders = 1;

    private PassedFrame(UnsafeBuffer image, Runnable atEnd) {
        this.image = image;
        this.atEnd = atEnd;
        frame.wrap(image, 0);
    }

    /** Bytes of heap that such a frame takes. */
    public static long footprint(FrameRequest request) {
        return HeapEntry.FIXED_WEIGHT + headLength(request) + request.payloadLength();
    }

    private static int headLength(FrameRequest request) {
        return FrameDescriptor.payloadOffset(request.key().length(), request.metadataLength());
    }

    /**
     * Room for a frame, held once; null when no frame can be made of the request.
     *
     * @param atEnd called when nobody holds it any more.
     */
    public static @Nullable PassedFrame of(FrameRequest request, long nowMs, Runnable atEnd) {
        if (!request.isWellFormed()) {
            return null;
        }
        int length = Math.toIntExact(headLength(request) + request.payloadLength());
        PassedFrame made = new PassedFrame(new UnsafeBuffer(new byte[length]), atEnd);
        FrameSpec spec = new FrameSpec(request.key(), request.etagLength(), request.contentType(),
                (int) request.payloadLength(), request.loadEpoch(), request.ttlMs() == 0L
                        ? 0L
                        : nowMs + request
                                .ttlMs(),
                request.lastModifiedMs(), nowMs);
        made.writeHead(spec);
        return made;
    }

    private void writeHead(FrameSpec spec) {
        frame.lengths(spec.key().length(), spec.metadataLength(), spec.payloadLength()).sequence(0L)
                .epoch(spec.epoch()).expiresAtMs(spec.expiresAtMs()).lastModifiedMs(spec.lastModifiedMs())
                .storedAtMs(spec.storedAtMs());
        image.putBytes(frame.keyOffset(), spec.key().buffer(), 0, spec.key().length());
        writeText(frame.metadataOffset() + 1 + spec.etagLength(), spec.contentType());
    }

    private void writeText(int offset, String text) {
        image.putByte(offset, (byte) text.length());
        image.putBytes(offset + 1, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Whether its memory has room for a payload. */
    public boolean holds(int payloadLength) {
        return frame.payloadOffset() + payloadLength <= image.capacity();
    }

    /**
     * A frame of the same key and metadata in the memory of this one, which nobody holds any more.
     *
     * @param payloadLength that it {@link #holds}.
     * @param whenFree called when nobody holds it any more.
     */
    public PassedFrame again(int payloadLength, Runnable whenFree) {
        PassedFrame made = new PassedFrame(image, whenFree);
        made.frame.lengths(frame.keyLength(), frame.metadataLength(), payloadLength);
        return made;
    }

    /** Where the payload goes, as a buffer of its own position. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(image.byteArray()).slice(frame.payloadOffset(), frame.payloadLength());
    }

    /**
     * The frame, whole, as it is served.
     *
     * @param etag with its quotes, of exactly the length that was requested.
     */
    public FrameView complete(int payloadCrc, String etag, FrameView out) {
        writeText(frame.metadataOffset(), etag);
        frame.payloadCrc(payloadCrc);
        return out.wrapPassed(image, this);
    }

    void hold() {
        holders++;
    }

    /** One of those who held it does not any more. */
    public void letGo() {
        if (--holders == 0) {
            atEnd.run();
        }
    }
}
