package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.wire.codec.DescriptorDecoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.FrameStartDecoder;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a frame, or for bytes of an object: the answer is the place of the whole in a segment, or the bytes, received
 * and, where the node has a checksum of them, checked.
 */
final class GetCall extends Call<GetCall.Answer> {
    /** What a get amounts to. */
    sealed interface Answer {}

    /** There is no such frame. */
    enum Absent implements Answer {
        INSTANCE
    }

    /** There is such an object, and no single frame of it: it is read range by range. */
    enum InParts implements Answer {
        INSTANCE
    }

    /** The frame lies there, or did a moment ago. */
    record Placed(Place place) implements Answer {}

    /** The frame's bytes, whole and of the right checksum. */
    record Received(StreamBuffer buffer, FrameInfo info, Served served, long offset, long objectLength)
            implements
                Answer {}

    private final Key key;
    private final boolean mustStream;
    private final int maxLength;
    private final StreamBuffers buffers;
    private final @Nullable ByteRange range;

    // Touched by the polling thread alone.
    private @Nullable StreamBuffer buffer;
    private @Nullable FrameInfo info;
    private Served served = Served.STORE;
    private int expectedCrc;
    private boolean isChecked = true;
    private long offset;
    private long objectLength;
    private int received;
    private int chunkWritten;
    private int chunkEnd;

    /** @param maxLength most bytes that this process takes. */
    GetCall(long deadlineNs, Key key, boolean mustStream, int maxLength, StreamBuffers buffers) {
        this(deadlineNs, key, mustStream, maxLength, buffers, null);
    }

    /** @param range bytes wanted, null for all of them as one frame. */
    GetCall(long deadlineNs, Key key, boolean mustStream, int maxLength, StreamBuffers buffers,
            @Nullable ByteRange range) {
        super(deadlineNs);
        this.key = key;
        this.mustStream = mustStream;
        this.maxLength = maxLength;
        this.buffers = buffers;
        this.range = range;
    }

    @Override
    String what() {
        return "get of " + key;
    }

    @Override
    boolean isCancellable() {
        return true;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return range == null
                ? sender.get(correlationId(), timeoutMs(), mustStream, key)
                : sender.getRange(correlationId(), timeoutMs(), mustStream, key, range);
    }

    @Override
    void onError(ErrorCode code, int retryAfterMs, String message) {
        if (code == ErrorCode.NOT_FOUND) {
            complete(Absent.INSTANCE);
        } else if (code == ErrorCode.TOO_LARGE && range == null) {
            complete(InParts.INSTANCE);
        } else {
            super.onError(code, retryAfterMs, message);
        }
    }

    @Override
    void onDescriptor(DescriptorDecoder reply) {
        complete(new Placed(Place.of(reply)));
    }

    @Override
    boolean onFrameStart(FrameStartDecoder reply, KnownTexts texts) {
        long totalLength = reply.totalLength();
        if (info != null) {
            abandon(Failure.of(ErrorCode.CORRUPT, "frame of " + key + " began twice"));
            return false;
        }
        if (totalLength < 0 || totalLength > maxLength) {
            abandon(Failure.of(ErrorCode.TOO_LARGE, "frame of " + key + " is too large to be copied: length="
                    + totalLength + " maxStreamedFrame=" + maxLength));
            return false;
        }
        expectedCrc = reply.payloadCrc();
        served = WireTypes.served(reply.served());
        objectLength = totalLength;
        if (range != null) {
            offset = reply.position();
            objectLength = reply.objectLength();
            isChecked = reply.hasCrc() == Flag.YES;
            if (!isAnswerTo(range, totalLength)) {
                abandon(Failure.of(ErrorCode.CORRUPT, "other bytes of " + key + " came than were asked for: offset="
                        + offset + " length=" + totalLength + " of " + objectLength + ", asked for " + range));
                return false;
            }
        }
        long lastModifiedMs = reply.lastModifiedMs();
        long expiresAtMs = reply.expiresAtMs();
        String etag = texts.etag(reply);
        String contentType = texts.contentType(reply);
        info = new FrameInfo(key, etag, contentType, (int) totalLength, lastModifiedMs, expiresAtMs);
        try {
            buffer = buffers.take((int) totalLength);
        } catch (OutOfMemoryError e) {
            abandon(Failure.of(ErrorCode.NO_SPACE, "no direct memory for the frame of " + key + ": length="
                    + totalLength
                    + "; raise -XX:MaxDirectMemorySize", e));
            return false;
        }
        return true;
    }

    @Override
    boolean onChunk(long position, int length) {
        FrameInfo known = info;
        if (isDone() || known == null || buffer == null) {
            return false;
        }
        if (position != received || length < 0 || length > known.length() - received) {
            abandon(Failure.of(ErrorCode.CORRUPT, "frame of " + key + " came out of order: position=" + position
                    + " length=" + length + " expected position=" + received + " of " + known.length()));
            return false;
        }
        chunkWritten = received;
        chunkEnd = received + length;
        return true;
    }

    @Override
    void onChunkBytes(DirectBuffer source, int offset, int length) {
        StreamBuffer target = buffer;
        if (target != null && length <= chunkEnd - chunkWritten) {
            target.write(chunkWritten, source, offset, length);
            chunkWritten += length;
        }
    }

    @Override
    void onChunkEnd() {
        StreamBuffer target = buffer;
        FrameInfo known = info;
        if (target == null || known == null || isDone()) {
            return;
        }
        if (chunkWritten != chunkEnd) {
            abandon(Failure.of(ErrorCode.CORRUPT, "frame of " + key + " came with a chunk cut short"));
            return;
        }
        if (isChecked) {
            target.sum(received, chunkEnd - received);
        }
        received = chunkEnd;
        if (received == known.length()) {
            finish(target, known);
        }
    }

    /** At least one byte from the offset on, unless that is behind the end; no more than asked for. */
    private boolean isAnswerTo(ByteRange wanted, long length) {
        long left = Math.min(wanted.length(), objectLength - wanted.offset());
        return left > 0 ? offset == wanted.offset() && length > 0 && length <= left : length == 0;
    }

    private void finish(StreamBuffer target, FrameInfo known) {
        if (!isChecked || target.checksum() == expectedCrc) {
            complete(new Received(target, known, served, offset, objectLength));
        } else {
            fail(Failure.of(ErrorCode.CORRUPT, "frame of " + key + " does not match its checksum: crc="
                    + Integer.toHexString(target.checksum()) + " expected " + Integer.toHexString(expectedCrc)));
        }
    }

    /** Fails while more of the frame is on its way, which the node is told to stop. */
    private void abandon(Failure failure) {
        Session carrier = session();
        if (fail(failure) && carrier != null) {
            carrier.cancelAtNode(this);
        }
    }
}
