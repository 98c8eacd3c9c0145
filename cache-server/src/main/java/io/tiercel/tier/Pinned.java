package io.tiercel.tier;

import io.tiercel.segment.Segment;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame whose bytes stay as they are until {@link TieredStore#unpin}. Immutable: any thread may read it until then,
 * and must not after. An invalidation meanwhile does not change the bytes; it is as if they had been read before it.
 */
public final class Pinned {
    private final Tier tier;
    private final UnsafeBuffer payload;
    private final ByteBuffer payloadBytes;
    private final String etag;
    private final String contentType;
    private final @Nullable Segment segment;
    private final @Nullable PassedFrame passed;
    private final int slot;
    private final int frameOffset;
    private final long generation;
    private final long fileGeneration;
    private final long fileLength;
    private final long sequence;
    private final int payloadCrc;
    private final long epoch;
    private final long expiresAtMs;
    private final long lastModifiedMs;
    private final long storedAtMs;
    private final long weight;

    /** Shard agent: counted as holding the segment, unless the bytes are on the heap. */
    private boolean released;

    Pinned(FrameView frame) {
        this.tier = frame.tier();
        this.payload = new UnsafeBuffer(frame.buffer(), frame.payloadOffset(), frame.payloadLength());
        this.payloadBytes = bytesOf(frame);
        this.etag = frame.etag();
        this.contentType = frame.contentType();
        this.segment = frame.tier() == Tier.MAPPED ? frame.segment() : null;
        this.passed = frame.passed();
        this.slot = frame.slot();
        this.frameOffset = frame.frameOffset();
        this.generation = frame.generation();
        this.fileGeneration = frame.fileGeneration();
        this.fileLength = frame.fileLength();
        this.sequence = frame.sequence();
        this.payloadCrc = frame.payloadCrc();
        this.epoch = frame.epoch();
        this.expiresAtMs = frame.expiresAtMs();
        this.lastModifiedMs = frame.lastModifiedMs();
        this.storedAtMs = frame.storedAtMs();
        this.weight = frame.weight();
    }

    private static ByteBuffer bytesOf(FrameView frame) {
        DirectBuffer buffer = frame.buffer();
        ByteBuffer whole = frame.tier() == Tier.HEAP
                ? ByteBuffer.wrap(buffer.byteArray())
                : buffer.byteBuffer().duplicate().clear();
        return whole.slice(frame.payloadOffset(), frame.payloadLength()).asReadOnlyBuffer();
    }

    public Tier tier() {
        return tier;
    }

    /** The payload, from 0 to its capacity; the same object at every call. */
    public DirectBuffer payload() {
        return payload;
    }

    /** The payload as a read-only buffer of its own position. */
    public ByteBuffer payloadByteBuffer() {
        return payloadBytes.duplicate();
    }

    public int payloadLength() {
        return payload.capacity();
    }

    /** The entity tag with its quotes, or empty. */
    public String etag() {
        return etag;
    }

    /** The content type, or empty. */
    public String contentType() {
        return contentType;
    }

    public boolean hasDescriptor() {
        return slot != FrameView.NO_SLOT;
    }

    public int slot() {
        return slot;
    }

    public int frameOffset() {
        return frameOffset;
    }

    public long generation() {
        return generation;
    }

    public long fileGeneration() {
        return fileGeneration;
    }

    public long fileLength() {
        return fileLength;
    }

    public long sequence() {
        return sequence;
    }

    public int payloadCrc() {
        return payloadCrc;
    }

    public long epoch() {
        return epoch;
    }

    public long expiresAtMs() {
        return expiresAtMs;
    }

    public long lastModifiedMs() {
        return lastModifiedMs;
    }

    public long storedAtMs() {
        return storedAtMs;
    }

    public long weight() {
        return weight;
    }

    /** The segment that this holds, null for bytes on the heap. */
    @Nullable
    Segment segment() {
        return segment;
    }

    /** What holds the bytes of a frame that no tier keeps, else null. */
    @Nullable
    PassedFrame passed() {
        return passed;
    }

    /** Whether this is the first release. */
    boolean tryRelease() {
        boolean first = !released;
        released = true;
        return first;
    }
}
