package io.tiercel.tier;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.Segment;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A frame as the heap tier knows it: where it lies in its segment and, when it is small, an image of it. Without an
 * image it spares the index; with one it outlives its segment. Single writer: the shard agent.
 */
final class HeapEntry {
    /** Largest payload of which an image is kept. */
    static final int MAX_IMAGE_PAYLOAD_LENGTH = 64 * 1024;

    /** Objects around the bytes: entry, key, buffer, array headers, Caffeine's node and its table's. */
    static final int FIXED_WEIGHT = 288;

    private final HeapKey key;
    private final @Nullable UnsafeBuffer image;
    private final long epoch;
    private final long expiresAtMs;
    private final long storedAtMs;
    private final int weight;
    // Of the frame's header, which a hit need not touch so.
    private final int metadataLength;
    private final int payloadOffset;
    private final int payloadLength;

    private Segment segment;
    private long generation;
    private int frameOffset;
    private boolean hasLeft;
    private long checkedAtEpoch;

    HeapEntry(Segment segment, FrameFlyweight frame, long hash, long checkedAtEpoch, long expiresAtMs) {
        this.segment = segment;
        this.generation = segment.generation();
        this.frameOffset = frame.offset();
        this.epoch = frame.epoch();
        this.expiresAtMs = expiresAtMs;
        this.storedAtMs = frame.storedAtMs();
        this.checkedAtEpoch = checkedAtEpoch;
        this.metadataLength = frame.metadataLength();
        this.payloadOffset = frame.payloadOffset() - frame.offset();
        this.payloadLength = frame.payloadLength();
        int keyLength = frame.keyLength();
        boolean small = payloadLength <= MAX_IMAGE_PAYLOAD_LENGTH;
        int from = small ? frame.offset() : frame.keyOffset();
        int length = small ? payloadOffset + payloadLength : keyLength;
        byte[] bytes = new byte[length];
        segment.buffer().getBytes(from, bytes);
        UnsafeBuffer copy = new UnsafeBuffer(bytes);
        this.image = small ? copy : null;
        this.key = new HeapKey().wrap(copy, small ? FrameDescriptor.KEY_OFFSET : 0, keyLength, hash);
        this.weight = FIXED_WEIGHT + length;
    }

    HeapKey key() {
        return key;
    }

    @Nullable
    UnsafeBuffer image() {
        return image;
    }

    int keyLength() {
        return key.length();
    }

    int metadataLength() {
        return metadataLength;
    }

    /** Relative to the frame, and so to its image. */
    int payloadOffset() {
        return payloadOffset;
    }

    int payloadLength() {
        return payloadLength;
    }

    /** The segment while the frame still lies in it, else null. */
    @Nullable
    Segment servingSegment() {
        return !hasLeft && segment.isServing(generation) ? segment : null;
    }

    /** Whether the frame lies there, as far as the entry knows. */
    boolean isAt(Segment other, int offset) {
        return !hasLeft && segment == other && generation == other.generation() && frameOffset == offset;
    }

    /** The frame was carried to another segment. */
    void moved(Segment to, int offset) {
        segment = to;
        generation = to.generation();
        frameOffset = offset;
    }

    /** The frame lies in no segment any more; an image of it may still be served. */
    void left() {
        hasLeft = true;
    }

    long generation() {
        return generation;
    }

    int frameOffset() {
        return frameOffset;
    }

    long epoch() {
        return epoch;
    }

    long expiresAtMs() {
        return expiresAtMs;
    }

    long storedAtMs() {
        return storedAtMs;
    }

    /** Bytes of heap that it takes. */
    int weight() {
        return weight;
    }

    /** Epoch at which it was last found not to be covered by any invalidation. */
    long checkedAtEpoch() {
        return checkedAtEpoch;
    }

    void checkedAtEpoch(long newEpoch) {
        this.checkedAtEpoch = newEpoch;
    }
}
