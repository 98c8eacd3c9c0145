package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.mapped.FrameFlyweight;
import org.jspecify.annotations.Nullable;

/**
 * The copying of one published frame into another segment, a slice at a time, so that a large one stalls nobody. Its
 * bytes do not change meanwhile; only its state may. Single writer: the shard agent. Reused from frame to frame.
 *
 * <p>The copy has the frame's own sequence: where a crash leaves both alive, either is the value.
 */
public final class FrameMove {
    private final FrameAppender appender = new FrameAppender(new FrameChecksum());
    private final FrameFlyweight source = new FrameFlyweight();
    private final FrameFlyweight copy = new FrameFlyweight();
    private @Nullable Segment from;
    private @Nullable Segment to;
    private int copied;

    /** Begins with the frame at an offset. The target has the room, and is held until the move ends. */
    public void begin(Segment fromSegment, int frameOffset, Segment toSegment) {
        source.wrap(fromSegment.buffer(), frameOffset);
        copy.wrap(toSegment.buffer(), appender.appendCopy(toSegment, fromSegment, frameOffset));
        toSegment.writerAdded();
        from = fromSegment;
        to = toSegment;
        copied = 0;
    }

    public boolean isUnderWay() {
        return to != null;
    }

    /** The frame that is moved. */
    public FrameFlyweight source() {
        return source;
    }

    /** Its copy. */
    public FrameFlyweight copy() {
        return copy;
    }

    /** The segment of the copy. */
    public Segment target() {
        return underWay(to);
    }

    /** Copies at most so many bytes of the payload. Answers how many; none when all of them are there. */
    public int copy(int limit) {
        int length = Math.min(limit, source.payloadLength() - copied);
        underWay(to).buffer().putBytes(copy.payloadOffset() + copied, underWay(from).buffer(),
                source.payloadOffset() + copied, length);
        copied += length;
        return length;
    }

    public boolean isCopied() {
        return copied == source.payloadLength();
    }

    /** Ends the move: the copy, whole, is alive, and then the frame is dead. */
    public void publish() {
        // Publishes what was copied to every reader that finds the copy live.
        copy.stateRelease(LIVE);
        source.stateRelease(DEAD);
        end();
    }

    /** Ends the move: there is no copy. The frame stays as it is. */
    public void abort() {
        if (!underWay(to).isQuarantined()) {
            copy.stateRelease(DEAD);
        }
        end();
    }

    private void end() {
        underWay(to).writerRemoved();
        from = null;
        to = null;
    }

    private static Segment underWay(@Nullable Segment segment) {
        if (segment == null) {
            throw new IllegalStateException("no move is under way");
        }
        return segment;
    }
}
