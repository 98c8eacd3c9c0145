package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.mapped.FrameFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes frames behind a segment's tail. Single writer: the shard agent.
 *
 * <p>Whatever the moment of a crash, the scan finds every earlier frame and then an end: the place behind the new
 * frame is made to read as never written before the frame's own state stops to read so.
 */
public final class FrameAppender {
    private final FrameFlyweight frame = new FrameFlyweight();
    private final FrameChecksum checksum;

    public FrameAppender(FrameChecksum checksum) {
        this.checksum = checksum;
    }

    /**
     * Takes the room of one frame, in state WRITING: header, key and content type are there, payload and entity tag
     * are not. The segment has the room.
     *
     * @return the frame's offset.
     */
    public int append(Segment segment, FrameSpec spec) {
        UnsafeBuffer buffer = segment.buffer();
        int offset = segment.tail();
        int next = Math.toIntExact(offset + spec.frameLength());
        if (next > segment.fileLength()) {
            throw new IllegalArgumentException("frame does not fit: end=" + next + " expected at most "
                    + segment.fileLength());
        }
        if (next + HEADER_LENGTH <= segment.fileLength()) {
            buffer.putIntRelease(next + STATE_OFFSET, FREE);
        }
        int keyLength = spec.key().length();
        frame.wrap(buffer, offset).lengths(keyLength, spec.metadataLength(), spec.payloadLength())
                .sequence(0L).epoch(spec.epoch()).expiresAtMs(spec.expiresAtMs())
                .lastModifiedMs(spec.lastModifiedMs()).storedAtMs(spec.storedAtMs()).metadataCrc(0).payloadCrc(0);
        buffer.putBytes(frame.keyOffset(), spec.key().buffer(), 0, keyLength);
        frame.headerCrc(checksum.header(segment.bytes(), offset, keyLength, segment.generation()));
        writeText(buffer, frame.metadataOffset() + 1 + spec.etagLength(), spec.contentType());
        frame.stateRelease(WRITING);
        segment.tail(next);
        return offset;
    }

    /** Writes what is known only now, and publishes the frame with its payload. */
    public void publish(Segment segment, int frameOffset, long sequence, int payloadCrc, String etag) {
        frame.wrap(segment.buffer(), frameOffset);
        writeText(segment.buffer(), frame.metadataOffset(), etag);
        frame.sequence(sequence);
        frame.metadataCrc(checksum.metadata(segment, frame));
        frame.payloadCrc(payloadCrc);
        // Publishes payload, metadata and checksums to every reader that finds the frame live.
        frame.stateRelease(LIVE);
    }

    /**
     * Takes the room of a copy of a published frame, in state WRITING: all but the payload is there. The target has the
     * room.
     *
     * @return the copy's offset.
     */
    public int appendCopy(Segment target, Segment source, int sourceOffset) {
        UnsafeBuffer buffer = target.buffer();
        frame.wrap(source.buffer(), sourceOffset);
        int keyLength = frame.keyLength();
        int headLength = frame.payloadOffset() - sourceOffset;
        int offset = target.tail();
        int next = Math.toIntExact(offset + frame.frameLength());
        if (next > target.fileLength()) {
            throw new IllegalArgumentException("copy does not fit: end=" + next + " expected at most "
                    + target.fileLength());
        }
        if (next + HEADER_LENGTH <= target.fileLength()) {
            buffer.putIntRelease(next + STATE_OFFSET, FREE);
        }
        int behindState = STATE_OFFSET + Integer.BYTES;
        buffer.putBytes(offset + behindState, source.buffer(), sourceOffset + behindState, headLength - behindState);
        frame.wrap(buffer, offset);
        frame.headerCrc(checksum.header(target.bytes(), offset, keyLength, target.generation()));
        frame.stateRelease(WRITING);
        target.tail(next);
        return offset;
    }

    private static void writeText(UnsafeBuffer buffer, int offset, String text) {
        buffer.putByte(offset, (byte) text.length());
        buffer.putStringWithoutLengthAscii(offset + 1, text);
    }
}
