package io.tiercel.ingress;

import io.aeron.Image;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.egress.Session;
import io.tiercel.load.ListQuery;
import io.tiercel.shard.MoveRequest;
import io.tiercel.shard.PartHandler;
import io.tiercel.shard.ReadHandler;
import io.tiercel.shard.Reading;
import io.tiercel.shard.Served;
import io.tiercel.shard.Shard;
import io.tiercel.tier.FrameView;
import io.tiercel.wire.codec.AttachDecoder;
import io.tiercel.wire.codec.CancelDecoder;
import io.tiercel.wire.codec.DeleteDecoder;
import io.tiercel.wire.codec.ExplainDecoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.GetDecoder;
import io.tiercel.wire.codec.GetRangeDecoder;
import io.tiercel.wire.codec.GoodbyeDecoder;
import io.tiercel.wire.codec.HelloDecoder;
import io.tiercel.wire.codec.InvalidateDecoder;
import io.tiercel.wire.codec.InvalidationScope;
import io.tiercel.wire.codec.KeepAliveDecoder;
import io.tiercel.wire.codec.ListCloseDecoder;
import io.tiercel.wire.codec.ListNextDecoder;
import io.tiercel.wire.codec.ListOpenDecoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MoveDecoder;
import io.tiercel.wire.codec.PingDecoder;
import io.tiercel.wire.codec.PutChunkDecoder;
import io.tiercel.wire.codec.PutDecoder;
import io.tiercel.wire.codec.PutOpenDecoder;
import io.tiercel.wire.codec.StatDecoder;
import io.tiercel.wire.codec.StatusDecoder;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decodes a message and does what it asks for. Single writer: shard agent.
 *
 * <p>Everything in a message is a stranger's: lengths are checked by the buffers, and a block or text that reaches past
 * the message's end is an {@link IllegalArgumentException}, which ends the session.
 */
public final class RequestAdapter {
    private final Shard shard;
    private final Clients clients;
    private final Greeter greeter;
    private final PutRequests puts;
    private final Supplier<String> statusJson;

    private boolean isDraining;
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private final AttachDecoder attach = new AttachDecoder();
    private final GetDecoder get = new GetDecoder();
    private final GetRangeDecoder getRange = new GetRangeDecoder();
    private final StatDecoder stat = new StatDecoder();
    private final PutDecoder put = new PutDecoder();
    private final PutOpenDecoder putOpen = new PutOpenDecoder();
    private final PutChunkDecoder putChunk = new PutChunkDecoder();
    private final CancelDecoder cancel = new CancelDecoder();
    private final DeleteDecoder delete = new DeleteDecoder();
    private final MoveDecoder move = new MoveDecoder();
    private final InvalidateDecoder invalidate = new InvalidateDecoder();
    private final ListOpenDecoder listOpen = new ListOpenDecoder();
    private final ListNextDecoder listNext = new ListNextDecoder();
    private final ListCloseDecoder listClose = new ListCloseDecoder();
    private final StatusDecoder status = new StatusDecoder();
    private final ExplainDecoder explain = new ExplainDecoder();
    private final PingDecoder ping = new PingDecoder();

    /** @param statusJson makes the node's status on the shard thread. */
    public RequestAdapter(Shard shard, Clients clients, Greeter greeter, Supplier<String> statusJson) {
        this.shard = shard;
        this.clients = clients;
        this.greeter = greeter;
        this.puts = new PutRequests(shard);
        this.statusJson = statusJson;
    }

    void onMessage(Image image, DirectBuffer buffer, int offset, int length, long nowNs) {
        // The view ends where the message ends, so that no length in it reaches into its neighbour.
        message.wrap(buffer, offset, length);
        header.wrap(message, 0);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            throw new IllegalArgumentException("schemaId=" + header.schemaId());
        }
        Client client = clients.of(image);
        if (client != null) {
            client.lastHeardNs = nowNs;
            if (isDraining && isNewWork(header.templateId())) {
                client.session.error(correlationId(), ErrorCode.NODE_UNAVAILABLE, "node is stopping", 1000);
            } else {
                try {
                    onRequest(client, nowNs);
                } catch (InternalError e) {
                    onMemoryFault(client);
                }
            }
        } else if (header.templateId() == HelloDecoder.TEMPLATE_ID) {
            hello.wrapAndApplyHeader(message, 0, header);
            greeter.onHello(image, hello, nowNs);
        }
    }

    /** Every request begins with it. */
    private long correlationId() {
        return message.getLong(header.encodedLength(), ByteOrder.LITTLE_ENDIAN);
    }

    /** The file under a frame that the request touched was cut short: the request fails, its session goes on. */
    private void onMemoryFault(Client client) {
        shard.onMemoryFault();
        PutAssembly abandoned = client.puts.remove(correlationId());
        if (abandoned != null) {
            abandoned.abort(shard);
        }
        client.session.error(correlationId(), ErrorCode.CORRUPT, Session.CUT_SHORT, 0);
    }

    /** Refuses the puts whose memory somebody cut short; answers how many. */
    int refuseLostPuts() {
        return clients.sum(puts::refuseLost);
    }

    /** From now on only what was begun is gone on with. */
    void drain() {
        isDraining = true;
    }

    private static boolean isNewWork(int templateId) {
        return switch (templateId) {
            case GetDecoder.TEMPLATE_ID, GetRangeDecoder.TEMPLATE_ID, StatDecoder.TEMPLATE_ID, PutDecoder.TEMPLATE_ID,
                    PutOpenDecoder.TEMPLATE_ID, DeleteDecoder.TEMPLATE_ID, MoveDecoder.TEMPLATE_ID,
                    InvalidateDecoder.TEMPLATE_ID, ListOpenDecoder.TEMPLATE_ID -> true;
            default -> false;
        };
    }

    private void onRequest(Client client, long nowNs) {
        switch (header.templateId()) {
            case GetDecoder.TEMPLATE_ID -> onGet(client, nowNs);
            case GetRangeDecoder.TEMPLATE_ID -> onGetRange(client, nowNs);
            case StatDecoder.TEMPLATE_ID -> onStat(client.session);
            case PutDecoder.TEMPLATE_ID -> puts.onPut(client, put.wrapAndApplyHeader(message, 0, header));
            case PutOpenDecoder.TEMPLATE_ID -> puts.onPutOpen(client, putOpen.wrapAndApplyHeader(message, 0, header));
            case PutChunkDecoder.TEMPLATE_ID -> puts.onPutChunk(client, putChunk.wrapAndApplyHeader(message, 0,
                    header));
            case DeleteDecoder.TEMPLATE_ID -> onDelete(client.session);
            case MoveDecoder.TEMPLATE_ID -> onMove(client.session);
            case InvalidateDecoder.TEMPLATE_ID -> onInvalidate(client.session);
            case ListOpenDecoder.TEMPLATE_ID -> onListOpen(client);
            case ListNextDecoder.TEMPLATE_ID -> onListNext(client);
            case ListCloseDecoder.TEMPLATE_ID -> onListClose(client);
            case CancelDecoder.TEMPLATE_ID -> onCancel(client);
            case StatusDecoder.TEMPLATE_ID -> client.session
                    .text(status.wrapAndApplyHeader(message, 0, header).correlationId(), statusJson.get());
            case ExplainDecoder.TEMPLATE_ID -> onExplain(client.session);
            case PingDecoder.TEMPLATE_ID -> client.session
                    .pong(ping.wrapAndApplyHeader(message, 0, header).correlationId());
            case AttachDecoder.TEMPLATE_ID -> onAttach(client);
            case GoodbyeDecoder.TEMPLATE_ID -> clients.drop(client.image, ErrorCode.NODE_UNAVAILABLE,
                    "client said goodbye");
            case KeepAliveDecoder.TEMPLATE_ID -> {
                // Hearing it was the point.
            }
            default -> throw new IllegalArgumentException("templateId=" + header.templateId());
        }
    }

    private void onGet(Client client, long nowNs) {
        get.wrapAndApplyHeader(message, 0, header);
        long correlationId = get.correlationId();
        boolean mustStream = get.mustStream() == Flag.YES;
        int timeoutMs = get.timeoutMs();
        get.wrapKey(key);
        FrameView hit = shard.tryRead(key, 0, key.capacity());
        if (hit != null) {
            client.session.frame(correlationId, hit, Shard.servedBy(hit), mustStream);
        } else {
            onMiss(client.session, correlationId, nowNs, timeoutMs, mustStream);
        }
    }

    private void onMiss(Session session, long correlationId, long nowNs, int timeoutMs, boolean mustStream) {
        long deadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            shard.read(normalKey(), deadlineNs, new FrameReply(session, correlationId, mustStream));
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onExplain(Session session) {
        explain.wrapAndApplyHeader(message, 0, header);
        long correlationId = explain.correlationId();
        explain.wrapKey(key);
        try {
            session.text(correlationId, shard.explain(normalKey()));
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onGetRange(Client client, long nowNs) {
        getRange.wrapAndApplyHeader(message, 0, header);
        Session session = client.session;
        long correlationId = getRange.correlationId();
        long deadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(getRange.timeoutMs());
        boolean mustStream = getRange.mustStream() == Flag.YES;
        long offset = getRange.position();
        long length = getRange.length();
        getRange.wrapKey(key);
        String ifMatch = getRange.ifMatch();
        if (offset < 0 || length < 0) {
            session.error(correlationId, ErrorCode.INVALID_ARGUMENT, "range of offset=" + offset + " length=" + length
                    + ": expected 0 or more", 0);
            return;
        }
        try {
            Key object = normalKey();
            Reading reading = client.readings.of(object, shard).takingArriving(mustStream);
            shard.readPart(reading, offset, length, ifMatch, deadlineNs, new PartHandler() {
                @Override
                public void onPart(FrameView frame, long position, long totalLength, Served served) {
                    session.part(correlationId, frame, position, totalLength, offset, length, served, mustStream);
                }

                @Override
                public void onFailure(ErrorCode code, String text, int retryAfterMs) {
                    session.error(correlationId, code, text, retryAfterMs);
                }
            });
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onStat(Session session) {
        stat.wrapAndApplyHeader(message, 0, header);
        long correlationId = stat.correlationId();
        stat.wrapKey(key);
        try {
            shard.stat(normalKey(), Replies.to(session, correlationId, session::stat));
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onDelete(Session session) {
        delete.wrapAndApplyHeader(message, 0, header);
        long correlationId = delete.correlationId();
        boolean isRecursive = delete.recursive() == Flag.YES;
        delete.wrapKey(key);
        try {
            // The epoch of the reply says whether there was anything: 0 for nothing.
            shard.delete(normalKey(), isRecursive, Replies.to(session, correlationId,
                    (id, existed) -> session.ack(id, existed ? 1L : 0L)));
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onMove(Session session) {
        move.wrapAndApplyHeader(message, 0, header);
        long correlationId = move.correlationId();
        boolean keepsSource = move.keepSource() == Flag.YES;
        boolean overwrite = move.overwrite() == Flag.YES;
        long timeoutMs = move.timeoutMs();
        try {
            move.wrapFrom(key);
            Key from = normalKey();
            move.wrapTo(key);
            shard.move(new MoveRequest(from, normalKey(), keepsSource, overwrite, timeoutMs), Replies.to(session,
                    correlationId, session::putReply));
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private void onInvalidate(Session session) {
        invalidate.wrapAndApplyHeader(message, 0, header);
        long correlationId = invalidate.correlationId();
        try {
            long epoch = invalidate(invalidate.scope());
            session.ack(correlationId, epoch);
        } catch (TiercelException e) {
            refuse(session, correlationId, e);
        }
    }

    private long invalidate(InvalidationScope scope) {
        if (scope == InvalidationScope.ALL) {
            return shard.invalidateAll();
        }
        invalidate.wrapKey(key);
        if (scope == InvalidationScope.PREFIX) {
            return shard.invalidatePrefix(normalKey());
        }
        if (scope == InvalidationScope.KEY) {
            return shard.invalidate(normalKey());
        }
        throw new IllegalArgumentException("scope is missing");
    }

    private void onListOpen(Client client) {
        listOpen.wrapAndApplyHeader(message, 0, header);
        long correlationId = listOpen.correlationId();
        int depth = listOpen.depth();
        if (depth == ListOpenDecoder.depthNullValue()) {
            depth = listOpen.recursive() == Flag.YES ? Integer.MAX_VALUE : 0;
        }
        listOpen.wrapPrefix(key);
        try {
            String path = key.capacity() == 0 ? "" : normalKey().toString();
            shard.list(ListQuery.of(path, depth, listOpen.glob()), new ListingReply(client, shard, correlationId));
        } catch (TiercelException e) {
            refuse(client.session, correlationId, e);
        }
    }

    private void onListNext(Client client) {
        listNext.wrapAndApplyHeader(message, 0, header);
        long correlationId = listNext.correlationId();
        if (!client.cursors.contains(listNext.cursorId())) {
            client.session.error(correlationId, ErrorCode.INVALID_ARGUMENT,
                    "no such listing: cursorId=" + listNext.cursorId(), 0);
            return;
        }
        shard.nextPage(listNext.cursorId(), new ListingReply(client, shard, correlationId));
    }

    private void onListClose(Client client) {
        listClose.wrapAndApplyHeader(message, 0, header);
        if (client.cursors.remove(listClose.cursorId())) {
            shard.closeListing(listClose.cursorId());
        }
    }

    private void onCancel(Client client) {
        cancel.wrapAndApplyHeader(message, 0, header);
        client.session.cancel(cancel.correlationId());
        PutAssembly abandoned = client.puts.remove(cancel.correlationId());
        if (abandoned != null) {
            abandoned.abort(shard);
        }
    }

    private void onAttach(Client client) {
        long correlationId = attach.wrapAndApplyHeader(message, 0, header).correlationId();
        if (client.readerNumber != Client.NO_READER && shard.attachReader(client.readerNumber)) {
            client.session.mapped(client.readerNumber);
            client.session.ack(correlationId, shard.epoch());
        } else {
            client.session.error(correlationId, ErrorCode.FORBIDDEN,
                    "reader file is not held: reader=" + client.readerNumber, 0);
        }
    }

    /** The key last wrapped, whatever way it is spelled. */
    private Key normalKey() {
        return Key.ofUtf8(key, 0, key.capacity());
    }

    private static void refuse(Session session, long correlationId, TiercelException e) {
        session.error(correlationId, e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
    }

    /** Sends a frame that took its time. */
    private record FrameReply(Session session, long correlationId, boolean mustStream)
            implements
                ReadHandler {
        @Override
        public void onFrame(FrameView frame, Served served) {
            session.frame(correlationId, frame, served, mustStream);
        }

        @Override
        public void onFailure(ErrorCode code, String text, int retryAfterMs) {
            session.error(correlationId, code, text, retryAfterMs);
        }
    }
}
