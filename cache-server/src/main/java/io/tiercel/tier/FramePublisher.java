package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.DEAD;

import io.tiercel.Key;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.segment.FrameAppender;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameSpec;
import io.tiercel.segment.Segment;
import java.util.Map;
import org.agrona.collections.Object2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes: from the room that was found to the frame that is served. Single writer: the shard agent.
 *
 * <p>The order of a publication: the new frame is live in its segment, then the old one is dead, then index and heap
 * change, then the caller acknowledges. After a crash between any two of them the frame of the highest sequence is the
 * value. What an invalidation of the key, or of a prefix, has covered meanwhile dies unpublished.
 */
final class FramePublisher implements Allocation.Owner {
    private final StoreParts parts;
    private final MappedTier mapped;
    private final FrameAppender appender = new FrameAppender(new FrameChecksum());
    private final FrameFlyweight frame = new FrameFlyweight();
    /** The latest of each key; each names the one before. */
    private final Map<Key, Allocation> outstanding = new Object2ObjectHashMap<>();
    private int outstandingCount;
    private long nextSequence;
    private boolean closed;

    FramePublisher(StoreParts parts, MappedTier mapped, long nextSequence) {
        this.parts = parts;
        this.mapped = mapped;
        this.nextSequence = nextSequence;
    }

    long nextSequence() {
        return nextSequence;
    }

    int outstandingCount() {
        return outstandingCount;
    }

    /** Takes the room of a frame in a segment that has it. */
    Allocation allocate(FrameRequest request, Segment segment) {
        long nowMs = parts.clock().nowMs();
        long expiresAtMs = request.ttlMs() == 0L ? 0L : nowMs + request.ttlMs();
        FrameSpec spec = new FrameSpec(request.key(), request.etagLength(), request.contentType(),
                (int) request.payloadLength(), request.loadEpoch(), expiresAtMs,
                request.lastModifiedMs(), nowMs);
        int frameOffset = appender.append(segment, spec);
        segment.writerAdded();
        frame.wrap(segment.buffer(), frameOffset);
        Allocation allocation = new Allocation(this, request, segment, frameOffset, frame.payloadOffset());
        allocation.before(outstanding.put(request.key(), allocation));
        outstandingCount++;
        parts.health().clear(TierHealth.Trouble.ALL_PINNED);
        return allocation;
    }

    /** What is being written for a key is older than an invalidation of it. */
    void supersede(Key key) {
        for (Allocation at = outstanding.get(key); at != null; at = at.before()) {
            at.supersede();
        }
    }

    @Override
    public boolean publish(Allocation allocation, int payloadCrc, String etag) {
        FrameRequest request = allocation.request();
        if (etag.length() != request.etagLength() || !FrameSpec.isText(etag)) {
            throw new IllegalArgumentException(
                    "etag=" + etag + " expected ASCII of etagLength=" + request.etagLength());
        }
        Key key = request.key();
        Segment segment = allocation.segment();
        frame.wrap(segment.buffer(), allocation.frameOffset());
        if (closed || segment.isQuarantined() || allocation.isSuperseded() || parts.invalidations().isLoadStale(key,
                request.loadEpoch())) {
            abort(allocation);
            return false;
        }
        try {
            return publishWhole(allocation, key, segment, payloadCrc, etag);
        } catch (InternalError e) {
            // A file was cut short under us: nobody may see the frame half-way.
            parts.health().onFault();
            allocation.lose();
            abort(allocation);
            return false;
        }
    }

    private boolean publishWhole(Allocation allocation, Key key, Segment segment, int payloadCrc, String etag) {
        appender.publish(segment, allocation.frameOffset(), nextSequence++, payloadCrc, etag);
        segment.addLiveBytes(frame.frameLength());
        segment.noteExpiry(frame.expiresAtMs());
        long hash = mapped.hash(key.buffer(), 0, key.length());
        boolean indexed = mapped.point(hash, segment, allocation.frameOffset());
        if (!indexed) {
            mapped.kill(segment, frame);
            parts.counters().evictions++;
        }
        parts.heap().remove(key.buffer(), 0, key.length(), hash);
        end(allocation);
        if (!indexed && parts.segments().isRecovering()) {
            // An older frame of the key, found later, would find nothing to lose against.
            parts.invalidations().invalidatePrefix(key);
        }
        return true;
    }

    /** Nothing is published any more: what is still being written dies when it ends. */
    void close() {
        closed = true;
    }

    @Override
    public void abort(Allocation allocation) {
        try {
            if (!allocation.segment().isQuarantined()) {
                frame.wrap(allocation.segment().buffer(), allocation.frameOffset()).stateRelease(DEAD);
            }
        } catch (InternalError e) {
            parts.health().onFault();
        }
        end(allocation);
    }

    private void end(Allocation allocation) {
        allocation.end();
        allocation.segment().writerRemoved();
        outstandingCount--;
        Allocation latest = outstanding.get(allocation.key());
        if (latest != allocation) {
            unlink(latest, allocation);
        } else if (allocation.before() == null) {
            outstanding.remove(allocation.key());
        } else {
            outstanding.put(allocation.key(), allocation.before());
        }
    }

    private static void unlink(@Nullable Allocation latest, Allocation ended) {
        for (Allocation at = latest; at != null; at = at.before()) {
            if (at.before() == ended) {
                at.before(ended.before());
            }
        }
    }
}
