package io.tiercel.tier;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.ReaderDirectory;
import io.tiercel.segment.Segment;
import java.util.concurrent.TimeUnit;

/**
 * Tells the eviction policy of frames that mapped clients read without asking. Single writer: the shard agent.
 *
 * <p>What comes out of a client's ring may be any numbers: a touch counts only where the frame that it names is whole,
 * live, valid and what the index has for its key. So a client can praise frames that it could have read, and nothing
 * else. At most {@link #TOUCHES_A_TURN} are looked at every {@link #INTERVAL_NS}; the rings lose the rest.
 */
final class Touches implements ReaderFile.TouchHandler {
    static final int TOUCHES_A_TURN = 64;
    private static final long INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final StoreParts parts;
    private final ReaderDirectory readers;
    private final MappedTier mapped;
    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameFlyweight frame = new FrameFlyweight();
    private boolean started;
    private long drainedNs;

    Touches(StoreParts parts, MappedTier mapped) {
        this.parts = parts;
        this.readers = parts.readers();
        this.mapped = mapped;
    }

    /** One slice. It is no work that should keep the shard awake: what waits can wait for the next look. */
    void doWork(long nowNs) {
        if (!started || nowNs - drainedNs >= INTERVAL_NS) {
            started = true;
            drainedNs = nowNs;
            readers.drainTouches(TOUCHES_A_TURN, this);
        }
    }

    @Override
    public void onTouch(int slot, long frameOffset, long generation) {
        Segment segment = parts.segments().serving(slot, generation);
        if (segment == null || frameOffset < 0L || frameOffset > segment.fileLength()) {
            return;
        }
        frame.wrap(segment.buffer(), (int) frameOffset);
        if (!checksum.isHeaderWhole(segment, frame, generation) || frame.stateVolatile() != FrameDescriptor.LIVE) {
            return;
        }
        int keyOffset = frame.keyOffset();
        int keyLength = frame.keyLength();
        long hash = mapped.hash(segment.buffer(), keyOffset, keyLength);
        boolean isServed = mapped.find(segment.buffer(), keyOffset, keyLength, hash) == segment
                && mapped.frame().offset() == frame.offset();
        if (isServed) {
            parts.counters().touches++;
            mapped.requested(segment, hash, mapped.frame().frameLength());
        }
    }
}
