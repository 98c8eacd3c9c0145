package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads that need the node. In a mapped session it names a place, which may be out of date by the time it is looked at:
 * then it is asked again, a few times, and at last for the bytes. Threadsafe.
 */
final class FrameReader {
    private static final int MAX_STALE = 3;

    private final Sessions sessions;
    private final StreamBuffers buffers = new StreamBuffers();

    FrameReader(Sessions sessions) {
        this.sessions = sessions;
    }

    /** What became of a read. */
    enum Outcome {
        OPENED,
        ABSENT,
        /** There is an object, and no single frame of it. */
        IN_PARTS
    }

    /** Opens the frame, if there is one. */
    Outcome read(Key key, Frame into, long deadlineNs) {
        Session session = sessions.ready(deadlineNs);
        int stale = 0;
        while (true) {
            GetCall call = call(session, key, deadlineNs, stale);
            GetCall.Answer answer = session.call(call);
            if (answer instanceof GetCall.Absent) {
                return Outcome.ABSENT;
            }
            if (answer instanceof GetCall.InParts) {
                return Outcome.IN_PARTS;
            }
            int next = open(session, key, answer, into, stale);
            if (next < 0) {
                return Outcome.OPENED;
            }
            stale = next;
        }
    }

    /** The same without waiting: the future has the frame, open, or null. */
    CompletableFuture<@Nullable Frame> readAsync(Key key, Frame into, long timeoutNs) {
        AsyncRead read = new AsyncRead(key, into, sessions.deadlineNs(timeoutNs));
        Session session = sessions.readyNow();
        if (session != null) {
            read.ask(session, 0);
        } else {
            sessions.whenReady(read.deadlineNs, found -> read.ask(found, 0), read::completeExceptionally);
        }
        return read;
    }

    /**
     * Opens what is there of a range of an object, perhaps less than was asked for; false when there is no object.
     *
     * @throws TiercelException PRECONDITION_FAILED when it is another version than the range names.
     */
    boolean readPart(Key key, ByteRange range, Frame into, long deadlineNs) {
        Session session = sessions.ready(deadlineNs);
        int stale = 0;
        while (true) {
            boolean mustStream = session.region() == null || stale >= MAX_STALE;
            GetCall.Answer answer = session.call(new GetCall(deadlineNs, key, mustStream, sessions.maxStreamedFrame(),
                    buffers, range));
            if (answer instanceof GetCall.Absent) {
                return false;
            }
            if (answer instanceof GetCall.Received received) {
                into.openPart(received.buffer(), received.info(), received.served(), received.offset(),
                        received.objectLength());
                return true;
            }
            int next = open(session, key, answer, into, stale);
            if (next < 0) {
                narrow(into, range);
                return true;
            }
            stale = next;
        }
    }

    /** Leaves of a whole frame what a range wants, or closes it. */
    static void narrow(Frame whole, ByteRange range) {
        String etag = whole.etag();
        if (!range.ifMatch().isEmpty() && !range.ifMatch().equals(etag)) {
            Key key = whole.key();
            whole.close();
            throw new TiercelException(ErrorCode.PRECONDITION_FAILED,
                    "object changed: key=" + key + " expected=" + range.ifMatch() + " is=" + etag);
        }
        whole.narrow(range.offset(), range.length());
    }

    private GetCall call(Session session, Key key, long deadlineNs, int stale) {
        boolean mustStream = session.region() == null || stale >= MAX_STALE;
        return new GetCall(deadlineNs, key, mustStream, sessions.maxStreamedFrame(), buffers);
    }

    /** Opens what the node answered with; -1 when it is open, else how stale the next question is. */
    private static int open(Session session, Key key, GetCall.Answer answer, Frame into, int stale) {
        if (answer instanceof GetCall.Received received) {
            into.open(received.buffer(), received.info(), 0, received.served());
            return -1;
        }
        ReaderRegion region = session.region();
        if (region == null || stale >= MAX_STALE || !(answer instanceof GetCall.Placed placed)) {
            throw new TiercelException(ErrorCode.INTERNAL,
                    "get of " + key + " was answered with a place though bytes were asked for");
        }
        return switch (region.tryAdmit(key, placed.place(), into)) {
            case OPENED -> -1;
            case STALE -> stale + 1;
            case UNMAPPABLE -> MAX_STALE;
        };
    }

    /** One asynchronous read, over as many questions as it takes. Cancelling it abandons the one under way. */
    private final class AsyncRead extends CompletableFuture<@Nullable Frame> implements Call.Listener<GetCall.Answer> {
        private final Key key;
        private final Frame into;
        private final long deadlineNs;
        private @Nullable Session asked;
        private volatile @Nullable GetCall question;
        private int stale;

        AsyncRead(Key key, Frame into, long deadlineNs) {
            this.key = key;
            this.into = into;
            this.deadlineNs = deadlineNs;
        }

        void ask(Session session, int staleNow) {
            GetCall call = call(session, key, deadlineNs, staleNow);
            asked = session;
            stale = staleNow;
            question = call;
            session.submitAsync(call, this);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean isCancelled = super.cancel(mayInterruptIfRunning);
            GetCall underWay = question;
            if (isCancelled && underWay != null) {
                underWay.abandon();
            }
            return isCancelled;
        }

        @Override
        public void onFailure(TiercelException why) {
            completeExceptionally(why);
        }

        @Override
        public boolean onValue(GetCall.Answer value) {
            if (value instanceof GetCall.Absent) {
                complete(null);
            } else if (value instanceof GetCall.InParts) {
                completeExceptionally(new TiercelException(ErrorCode.TOO_LARGE,
                        key + " is too large to be one frame; read ranges of it, or a stream"));
            } else {
                openOrAsk(value);
            }
            return true;
        }

        private void openOrAsk(GetCall.Answer value) {
            Session session = Objects.requireNonNull(asked);
            int next;
            try {
                next = open(session, key, value, into, stale);
            } catch (RuntimeException e) {
                completeExceptionally(e);
                return;
            }
            if (next >= 0) {
                ask(session, next);
            } else if (!complete(into)) {
                into.close();
            }
        }
    }
}
