package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import org.jspecify.annotations.Nullable;

/**
 * Reads of some bytes of an object, of one version of it, in as many questions as that takes. Threadsafe.
 */
final class RangeReader {
    /** Times that a range is read anew because the object changed between two questions. */
    private static final int MAX_ATTEMPTS = 3;

    private final Sessions sessions;
    private final FrameReader reader;

    RangeReader(Sessions sessions, FrameReader reader) {
        this.sessions = sessions;
        this.reader = reader;
    }

    /** When a question is given up that begins now. */
    long deadlineNs(long timeoutNs) {
        return sessions.deadlineNs(timeoutNs);
    }

    /**
     * Some bytes from the range's beginning on, as many as lie together; null when there is no object. From a mapped frame
     * that was read before they come without asking.
     */
    @Nullable
    Frame part(Key key, ByteRange range, long deadlineNs) {
        Frame frame = new Frame();
        ReaderRegion region = sessions.region();
        if (region != null && region.tryOpen(key, frame)) {
            FrameReader.narrow(frame, range);
            return frame;
        }
        return reader.readPart(key, range, frame, deadlineNs) ? frame : null;
    }

    /** Opens an object whole; what the node has as no single frame is put together here, as far as that is allowed. */
    boolean read(Key key, Frame into, long deadlineNs) {
        FrameReader.Outcome outcome = reader.read(key, into, deadlineNs);
        if (outcome != FrameReader.Outcome.IN_PARTS) {
            return outcome == FrameReader.Outcome.OPENED;
        }
        Frame gathered = whole(key, new ByteRange(0, Long.MAX_VALUE, ""), deadlineNs);
        if (gathered == null) {
            return false;
        }
        gathered.moveTo(into);
        return true;
    }

    /** All bytes of the range that there are, together; null when there is no object. */
    @Nullable
    Frame whole(Key key, ByteRange range, long deadlineNs) {
        for (int attempt = 1;; attempt++) {
            try {
                return tryWhole(key, range, deadlineNs);
            } catch (TiercelException e) {
                boolean isOurs = e.code() == ErrorCode.PRECONDITION_FAILED && range.ifMatch().isEmpty();
                if (!isOurs || attempt >= MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private @Nullable Frame tryWhole(Key key, ByteRange range, long deadlineNs) {
        Frame first = part(key, range, deadlineNs);
        if (first == null) {
            return null;
        }
        long length = Math.max(0, Math.min(range.length(), first.objectLength() - range.offset()));
        return first.length() >= length ? first : gather(first, key, range.offset(), length, deadlineNs);
    }

    /** Copies parts together, beginning with one that it closes. */
    private @Nullable Frame gather(Frame first, Key key, long offset, long length, long deadlineNs) {
        Frame part = first;
        try {
            if (length > sessions.maxStreamedFrame()) {
                throw new TiercelException(ErrorCode.TOO_LARGE, "range of " + key
                        + " is too large to be copied: length="
                        + length + " maxStreamedFrame=" + sessions.maxStreamedFrame() + "; read it as a stream");
            }
            String etag = first.etag();
            FrameInfo info = new FrameInfo(key, etag, first.contentType(), (int) length, first.lastModifiedMs(),
                    first.expiresAtMs());
            Served served = first.served();
            long objectLength = first.objectLength();
            StreamBuffer all = new StreamBuffer((int) length, null);
            int position = 0;
            while (true) {
                all.write(position, part.buffer(), 0, (int) part.length());
                position += (int) part.length();
                part.close();
                if (position == length) {
                    break;
                }
                part = part(key, new ByteRange(offset + position, length - position, etag), deadlineNs);
                if (part == null) {
                    return null;
                }
            }
            Frame gathered = new Frame();
            gathered.openPart(all, info, served, offset, objectLength);
            return gathered;
        } finally {
            if (part != null) {
                part.close();
            }
        }
    }
}
