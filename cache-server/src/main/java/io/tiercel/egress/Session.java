package io.tiercel.egress;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.tiercel.ErrorCode;
import io.tiercel.shard.ListingPage;
import io.tiercel.shard.PutResult;
import io.tiercel.shard.Served;
import io.tiercel.shard.Shard;
import io.tiercel.shard.StatResult;
import io.tiercel.tier.FrameView;
import io.tiercel.wire.WireProtocol;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One client as the node answers it: its publication, what waits to be sent to it, and the frames pinned for that.
 *
 * <p>A reply that the publication does not take at once waits in a bounded queue; frames are streamed part by part from
 * where they lie. A client that takes nothing for {@link #STALL_LIMIT_NS}, or lets more wait than the bounds allow, is
 * dropped with a reason; nobody else notices. Single writer: shard agent.
 */
public final class Session {
    /** Why these: a page of a listing and some hundreds of replies fit, a client that never reads costs no more. */
    static final int MAX_QUEUED_BYTES = 2 * 1024 * 1024;
    static final int MAX_STREAMS = 1024;
    static final long STALL_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    /** Room for the header of a part in a message of one datagram's size. */
    private static final int PART_HEADER_ROOM = 512;

    private static final int NOT_MAPPED = -1;

    /** What a client hears of a frame whose file somebody cut short while it was read or written. */
    public static final String CUT_SHORT = "the file under the frame was cut short on the node's disk: ask again";

    private enum State {
        CONNECTING, OPEN, CLOSED
    }

    private final Shard shard;
    private final ReplyEncoder encoder;
    private final Aeron aeron;
    private final String clientName;
    private final boolean isUdp;
    private final long registrationId;
    private final Queue<byte[]> queued = new ArrayDeque<>();
    private final ArrayDeque<FrameStream> streams = new ArrayDeque<>();
    private final UnsafeBuffer queuedView = new UnsafeBuffer(0, 0);
    private @Nullable ExclusivePublication replies;
    private State state = State.CONNECTING;
    private String closeReason = "";
    private int readerNumber = NOT_MAPPED;
    private boolean isClosing;
    private int partLimit;
    private int queuedBytes;
    private long progressNs;

    Session(Shard shard, ReplyEncoder encoder, Aeron aeron, String clientName, String replyChannel, int replyStreamId,
            long nowNs) {
        this.shard = shard;
        this.encoder = encoder;
        this.aeron = aeron;
        this.clientName = clientName;
        this.isUdp = replyChannel.startsWith("aeron:udp");
        this.progressNs = nowNs;
        this.registrationId = aeron.asyncAddExclusivePublication(replyChannel, replyStreamId);
    }

    public String clientName() {
        return clientName;
    }

    /** {@code mapped}, {@code ipc} or {@code udp}. */
    public String mode() {
        return readerNumber != NOT_MAPPED ? "mapped" : isUdp ? "udp" : "ipc";
    }

    /** From now on hits are answered by a descriptor of where the frame lies, as the reader's pin quota allows. */
    public void mapped(int reader) {
        readerNumber = reader;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Why the session ended, for people; empty while it lives. */
    public String closeReason() {
        return closeReason;
    }

    /** Replies and frames that wait. */
    public int pending() {
        return queued.size() + streams.size();
    }

    public void welcome(long correlationId, int readerNumber, long incarnation, long maxFrame, int keepAliveMs,
            String name) {
        send(encoder.welcome(correlationId, readerNumber, incarnation, maxFrame, keepAliveMs, name));
    }

    public void error(long correlationId, ErrorCode code, String message, int retryAfterMs) {
        send(encoder.error(correlationId, code, message, retryAfterMs));
    }

    public void stat(long correlationId, StatResult result) {
        send(encoder.stat(correlationId, result));
    }

    public void putReady(long correlationId) {
        send(encoder.putReady(correlationId));
    }

    public void putReply(long correlationId, PutResult result) {
        send(encoder.putReply(correlationId, result));
    }

    public void ack(long correlationId, long epoch) {
        send(encoder.ack(correlationId, epoch));
    }

    public void listPage(long correlationId, ListingPage page) {
        send(encoder.listPage(correlationId, page));
    }

    public void text(long correlationId, String value) {
        send(encoder.text(correlationId, value));
    }

    public void pong(long correlationId) {
        send(encoder.pong(correlationId));
    }

    /** Answers a read: by descriptor where the client maps and the frame stays, else with the bytes. */
    public void frame(long correlationId, FrameView frame, Served served, boolean mustStream) {
        try {
            if (mustStream) {
                sendSlice(correlationId, frame, Slice.of(frame), served);
            } else {
                sendFrame(correlationId, frame, Slice.of(frame), served);
            }
        } catch (InternalError e) {
            shard.onMemoryFault();
            error(correlationId, ErrorCode.CORRUPT, CUT_SHORT, 0);
        }
    }

    /**
     * Answers a read of a range: as {@link #frame} does where the frame is the whole object, else with bytes.
     *
     * @param framePosition where the frame begins in the object.
     * @param offset        of the first byte wanted in the object.
     */
    public void part(long correlationId, FrameView frame, long framePosition, long objectLength, long offset,
            long maxLength, Served served, boolean mustStream) {
        try {
            Slice slice = Slice.of(frame, framePosition, objectLength, offset, maxLength);
            if (mustStream || frame.payloadLength() != objectLength) {
                sendSlice(correlationId, frame, slice, served);
            } else {
                sendFrame(correlationId, frame, slice, served);
            }
        } catch (InternalError e) {
            shard.onMemoryFault();
            error(correlationId, ErrorCode.CORRUPT, CUT_SHORT, 0);
        }
    }

    private void sendFrame(long correlationId, FrameView frame, Slice slice, Served served) {
        if (readerNumber != NOT_MAPPED && served != Served.STORE && frame.hasDescriptor()) {
            String refusal = shard.leaseRefusal(readerNumber, frame);
            if (refusal.isEmpty()) {
                send(encoder.descriptor(correlationId, frame, shard.epoch(), served));
            } else {
                error(correlationId, ErrorCode.NO_SPACE, refusal, 0);
            }
        } else {
            sendSlice(correlationId, frame, slice, served);
        }
    }

    private void sendSlice(long correlationId, FrameView frame, Slice slice, Served served) {
        ExclusivePublication publication = replies;
        if (state != State.OPEN || publication == null) {
            return;
        }
        if (streams.size() >= MAX_STREAMS) {
            close(ErrorCode.OVERLOADED, "client lets more than " + MAX_STREAMS + " frames wait");
            return;
        }
        int partLength = Math.min(partLimit, slice.length());
        int length = encoder.frameStart(correlationId, frame, slice, served, partLength);
        boolean sent = queued.isEmpty() && offer(publication, length, frame.buffer(), frame.payloadOffset() + slice
                .from(), partLength);
        if (!sent && state == State.OPEN) {
            partLength = 0;
            send(encoder.frameStart(correlationId, frame, slice, served, partLength));
        }
        if (state == State.OPEN && partLength < slice.length()) {
            streams.add(new FrameStream(correlationId, shard.pin(frame), slice, partLength));
        }
    }

    /** Stops the frame that answers a request, if one is under way. */
    public void cancel(long correlationId) {
        streams.removeIf(stream -> {
            boolean matches = stream.correlationId() == correlationId;
            if (matches) {
                shard.unpin(stream.frame());
            }
            return matches;
        });
    }

    private void send(int length) {
        ExclusivePublication publication = replies;
        if (state == State.CLOSED) {
            return;
        }
        if (publication != null && state == State.OPEN && queued.isEmpty()) {
            long result = offerRetrying(publication, length, encoder.buffer(), 0, 0);
            if (result > 0 || handled(result)) {
                return;
            }
        }
        byte[] copy = new byte[length];
        encoder.buffer().getBytes(0, copy);
        queued.add(copy);
        queuedBytes += length;
        if (queuedBytes > MAX_QUEUED_BYTES) {
            close(ErrorCode.OVERLOADED, "client lets more than " + MAX_QUEUED_BYTES + " bytes of replies wait");
        }
    }

    private boolean offer(ExclusivePublication publication, int length, DirectBuffer payload, int offset, int count) {
        long result = offerRetrying(publication, length, payload, offset, count);
        return result > 0 || handled(result);
    }

    /** Offers the encoded message and a payload; a log that rotates its terms is asked once more. */
    private long offerRetrying(ExclusivePublication publication, int length, DirectBuffer payload, int offset,
            int count) {
        long result = offerOnce(publication, length, payload, offset, count);
        return result == Publication.ADMIN_ACTION ? offerOnce(publication, length, payload, offset, count) : result;
    }

    private long offerOnce(ExclusivePublication publication, int length, DirectBuffer payload, int offset, int count) {
        return count == 0
                ? publication.offer(encoder.buffer(), 0, length)
                : publication.offer(encoder.buffer(), 0, length, payload, offset, count);
    }

    /** Whether a refused offer ended the session, so that nothing is left to do. */
    private boolean handled(long result) {
        if (result == Publication.BACK_PRESSURED || result == Publication.ADMIN_ACTION) {
            return false;
        }
        close(ErrorCode.NODE_UNAVAILABLE, "client went away: " + Publication.errorString(result));
        return true;
    }

    /** Ends the session as soon as all that waits has been sent. */
    public void closeWhenSent(String reason) {
        closeReason = reason;
        isClosing = true;
    }

    /** Sends what waits, as far as the client takes it. */
    int doWork(long nowNs) {
        if (state == State.CLOSED) {
            return 0;
        }
        int work = state == State.CONNECTING ? awaitConnection() : drain();
        if (isClosing && state == State.OPEN && pending() == 0) {
            close(ErrorCode.OVERLOADED, closeReason);
        } else if (work > 0 || pending() == 0) {
            progressNs = nowNs;
        } else if (nowNs - progressNs > STALL_LIMIT_NS) {
            close(ErrorCode.TIMEOUT, "client took nothing for " + TimeUnit.NANOSECONDS.toSeconds(STALL_LIMIT_NS)
                    + " s");
        }
        return work;
    }

    private int awaitConnection() {
        ExclusivePublication publication = replies;
        if (publication == null) {
            try {
                publication = aeron.getExclusivePublication(registrationId);
            } catch (RegistrationException e) {
                close(ErrorCode.NODE_UNAVAILABLE, "no way back to the client: " + e.getMessage());
                return 0;
            }
            replies = publication;
        }
        if (publication == null || !publication.isConnected()) {
            return 0;
        }
        partLimit = isUdp
                ? WireProtocol.UDP_CHUNK_LENGTH
                : Math.min(WireProtocol.IPC_CHUNK_LENGTH, publication.maxPayloadLength() - PART_HEADER_ROOM);
        state = State.OPEN;
        return 1;
    }

    private int drain() {
        ExclusivePublication publication = replies;
        int work = 0;
        while (publication != null && state == State.OPEN) {
            byte[] head = queued.peek();
            if (head == null) {
                break;
            }
            queuedView.wrap(head);
            long result = publication.offer(queuedView, 0, head.length);
            if (result < 0) {
                handled(result);
                return work;
            }
            queued.poll();
            queuedBytes -= head.length;
            work++;
        }
        for (int i = streams.size(); i > 0 && publication != null && state == State.OPEN; i--) {
            FrameStream stream = streams.removeFirst();
            long result;
            try {
                result = stream.advance(publication, encoder, partLimit);
            } catch (InternalError e) {
                shard.unpin(stream.frame());
                shard.onMemoryFault();
                error(stream.correlationId(), ErrorCode.CORRUPT, CUT_SHORT, 0);
                continue;
            }
            if (stream.isComplete()) {
                shard.unpin(stream.frame());
            } else {
                streams.addLast(stream);
            }
            if (result < 0) {
                handled(result);
                return work;
            }
            work += (int) result;
        }
        return work;
    }

    /** Ends the session and gives back what it holds; the client is told if it still listens. */
    public void close(ErrorCode code, String reason) {
        if (state == State.CLOSED) {
            return;
        }
        ExclusivePublication publication = replies;
        boolean wasOpen = state == State.OPEN;
        state = State.CLOSED;
        closeReason = reason;
        queued.clear();
        queuedBytes = 0;
        streams.forEach(stream -> shard.unpin(stream.frame()));
        streams.clear();
        if (publication != null) {
            if (wasOpen) {
                publication.offer(encoder.buffer(), 0, encoder.sessionClosed(code, reason));
            }
            publication.close();
        } else {
            aeron.asyncRemovePublication(registrationId);
        }
    }
}
