package io.tiercel.tier;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.Segment;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A found frame: a reusable view of its bytes and fields, valid until the next call into the store. Not threadsafe;
 * the shard agent's. {@link TieredStore#pin} makes of it what other threads may read, for longer.
 */
public final class FrameView {
    /** Answer of {@link #slot()} for a frame that lies in no segment. */
    public static final int NO_SLOT = -1;

    private final FrameFlyweight frame = new FrameFlyweight();
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private Tier tier = Tier.HEAP;
    private @Nullable Segment segment;
    private @Nullable UnsafeBuffer image;
    private @Nullable PassedFrame passed;
    private int segmentOffset;
    private long generation;
    private int metadataOffset;
    private int metadataLength;
    private int payloadOffset;
    private int payloadLength;
    private long expiresAtMs;
    private boolean wasKept;

    /** Aims at a frame where it lies in its segment. */
    FrameView wrapMapped(Segment source, int frameOffset) {
        this.tier = Tier.MAPPED;
        this.image = null;
        this.passed = null;
        aim(source.buffer(), frameOffset);
        descriptor(source, source.generation(), frameOffset);
        return this;
    }

    /** Aims at an entry's image; without a segment there is no descriptor. */
    FrameView wrapHeap(HeapEntry entry, UnsafeBuffer heapImage, @Nullable Segment source) {
        this.tier = Tier.HEAP;
        this.image = heapImage;
        this.passed = null;
        buffer = heapImage;
        frame.wrap(heapImage, 0);
        metadataLength = entry.metadataLength();
        metadataOffset = FrameDescriptor.KEY_OFFSET + entry.keyLength();
        payloadOffset = entry.payloadOffset();
        payloadLength = entry.payloadLength();
        expiresAtMs = entry.expiresAtMs();
        descriptor(source, entry.generation(), entry.frameOffset());
        return this;
    }

    /** Aims at a frame that no tier keeps, whose image starts with its header. */
    FrameView wrapPassed(UnsafeBuffer heapImage, PassedFrame holder) {
        this.tier = Tier.HEAP;
        this.image = heapImage;
        this.passed = holder;
        aim(heapImage, 0);
        descriptor(null, 0L, 0);
        return this;
    }

    private void aim(UnsafeBuffer bytes, int offset) {
        buffer = bytes;
        frame.wrap(bytes, offset);
        int keyLength = frame.keyLength();
        metadataLength = frame.metadataLength();
        metadataOffset = offset + FrameDescriptor.KEY_OFFSET + keyLength;
        payloadOffset = offset + FrameDescriptor.payloadOffset(keyLength, metadataLength);
        payloadLength = frame.payloadLength();
        expiresAtMs = frame.expiresAtMs();
    }

    private void descriptor(@Nullable Segment source, long sourceGeneration, int frameOffset) {
        segment = source;
        generation = sourceGeneration;
        segmentOffset = frameOffset;
    }

    public Tier tier() {
        return tier;
    }

    /** The segment's mapping or the heap image; all offsets are relative to it. */
    public DirectBuffer buffer() {
        return buffer;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }

    public int etagOffset() {
        return metadataOffset + 1;
    }

    public int etagLength() {
        return metadataLength == 0 ? 0 : buffer.getByte(metadataOffset) & 0xFF;
    }

    public int contentTypeOffset() {
        return etagOffset() + etagLength() + 1;
    }

    public int contentTypeLength() {
        int at = 1 + etagLength();
        return at >= metadataLength ? 0 : buffer.getByte(metadataOffset + at) & 0xFF;
    }

    /** The entity tag with its quotes, or empty. Allocates. */
    public String etag() {
        return frame.etag();
    }

    /** The content type, or empty. Allocates. */
    public String contentType() {
        return frame.contentType();
    }

    /** Offset of the key. */
    public int keyOffset() {
        return frame.keyOffset();
    }

    public int keyLength() {
        return frame.keyLength();
    }

    /** Whether the frame lies in a segment that a client on the host can map. */
    public boolean hasDescriptor() {
        return segment != null;
    }

    /** Slot of the segment, or {@link #NO_SLOT}. */
    public int slot() {
        return segment == null ? NO_SLOT : segment.slot();
    }

    /** Offset of the frame in its segment; meaningless without a descriptor. */
    public int frameOffset() {
        return segmentOffset;
    }

    /** Generation of the segment that the frame belongs to; meaningless without a descriptor. */
    public long generation() {
        return generation;
    }

    /** Generation at which the segment's file was made; 0 without a descriptor. */
    public long fileGeneration() {
        return segment == null ? 0L : segment.fileGeneration();
    }

    /** Bytes of the segment's file; 0 without a descriptor. */
    public long fileLength() {
        return segment == null ? 0L : segment.fileLength();
    }

    public long sequence() {
        return frame.sequence();
    }

    /** CRC-32C of the payload. */
    public int payloadCrc() {
        return frame.payloadCrc();
    }

    /** Invalidation epoch at which the load of the frame began. */
    public long epoch() {
        return frame.epoch();
    }

    /** Since 1970, 0 for never; later than the frame itself says where it was found unchanged since. */
    public long expiresAtMs() {
        return expiresAtMs;
    }

    /** It has expired, and is served until then. */
    public void heldUntilMs(long untilMs) {
        expiresAtMs = untilMs;
    }

    void expiresAtMs(long newExpiresAtMs) {
        expiresAtMs = newExpiresAtMs;
    }

    /** Since 1970, 0 for unknown. */
    public long lastModifiedMs() {
        return frame.lastModifiedMs();
    }

    /** Since 1970. */
    public long storedAtMs() {
        return frame.storedAtMs();
    }

    /** Bytes that the frame takes up: header, key, metadata, padding, payload, index entry. */
    public long weight() {
        return Weights.footprint(frame.frameLength());
    }

    /** Whether the policy kept the frame before it was found; meaningless after a peek. */
    public boolean wasKept() {
        return wasKept;
    }

    void wasKept(boolean kept) {
        wasKept = kept;
    }

    long frameLength() {
        return frame.frameLength();
    }

    @Nullable
    Segment segment() {
        return segment;
    }

    @Nullable
    UnsafeBuffer image() {
        return image;
    }

    /** What holds the memory of a frame that no tier keeps, else null. */
    @Nullable
    PassedFrame passed() {
        return passed;
    }
}
