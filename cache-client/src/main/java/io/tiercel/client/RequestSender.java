package io.tiercel.client;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.AttachEncoder;
import io.tiercel.wire.codec.CancelEncoder;
import io.tiercel.wire.codec.Condition;
import io.tiercel.wire.codec.DeleteEncoder;
import io.tiercel.wire.codec.ExplainEncoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.GetEncoder;
import io.tiercel.wire.codec.GetRangeEncoder;
import io.tiercel.wire.codec.GoodbyeEncoder;
import io.tiercel.wire.codec.HelloEncoder;
import io.tiercel.wire.codec.InvalidateEncoder;
import io.tiercel.wire.codec.InvalidationScope;
import io.tiercel.wire.codec.KeepAliveEncoder;
import io.tiercel.wire.codec.ListCloseEncoder;
import io.tiercel.wire.codec.ListNextEncoder;
import io.tiercel.wire.codec.ListOpenEncoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.MoveEncoder;
import io.tiercel.wire.codec.PingEncoder;
import io.tiercel.wire.codec.PutChunkEncoder;
import io.tiercel.wire.codec.PutEncoder;
import io.tiercel.wire.codec.PutOpenEncoder;
import io.tiercel.wire.codec.StatEncoder;
import io.tiercel.wire.codec.StatusEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes requests and offers them to the node. Threadsafe: its monitor serialises the callers and keeps them off a log
 * that is being unmapped. Each method answers true when the message is sent and false when the node is behind: try
 * again later.
 *
 * <p>All throw {@link TiercelException} with NODE_UNAVAILABLE when the connection is gone.
 */
final class RequestSender {
    /** Most that a request takes besides its payload: fixed fields, a key, two texts, their lengths. */
    private static final int SCRATCH_LENGTH = 4 * 1024;
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SCRATCH_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final AttachEncoder attach = new AttachEncoder();
    private final KeepAliveEncoder keepAlive = new KeepAliveEncoder();
    private final GoodbyeEncoder goodbye = new GoodbyeEncoder();
    private final GetEncoder get = new GetEncoder();
    private final GetRangeEncoder getRange = new GetRangeEncoder();
    private final StatEncoder stat = new StatEncoder();
    private final PutEncoder put = new PutEncoder();
    private final PutOpenEncoder putOpen = new PutOpenEncoder();
    private final PutChunkEncoder putChunk = new PutChunkEncoder();
    private final CancelEncoder cancel = new CancelEncoder();
    private final DeleteEncoder delete = new DeleteEncoder();
    private final InvalidateEncoder invalidate = new InvalidateEncoder();
    private final ListOpenEncoder listOpen = new ListOpenEncoder();
    private final ListNextEncoder listNext = new ListNextEncoder();
    private final ListCloseEncoder listClose = new ListCloseEncoder();
    private final StatusEncoder status = new StatusEncoder();
    private final ExplainEncoder explain = new ExplainEncoder();
    private final MoveEncoder move = new MoveEncoder();
    private final PingEncoder ping = new PingEncoder();
    private final int chunkLength;
    private @Nullable ExclusivePublication publication;
    private long sent;

    /** @param chunkLength most payload bytes in one message. */
    RequestSender(ExclusivePublication publication, int chunkLength) {
        this.publication = publication;
        this.chunkLength = chunkLength;
    }

    int chunkLength() {
        return chunkLength;
    }

    /** Messages that went out so far. */
    synchronized long sent() {
        return sent;
    }

    synchronized boolean hello(long correlationId, int replyStreamId, int replyPort, boolean wantsMapping, long nonce,
            String clientName) {
        hello.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId)
                .protocolVersion(WireProtocol.PROTOCOL_VERSION).replyStreamId(replyStreamId).replyPort(replyPort)
                .wantsMapping(flag(wantsMapping)).nonce(nonce).clientName(clientName);
        return offer(hello.limit(), NOTHING, 0, 0);
    }

    synchronized boolean attach(long correlationId) {
        attach.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId);
        return offer(attach.limit(), NOTHING, 0, 0);
    }

    synchronized boolean keepAlive() {
        keepAlive.wrapAndApplyHeader(scratch, 0, header).correlationId(0L);
        return offer(keepAlive.limit(), NOTHING, 0, 0);
    }

    synchronized boolean goodbye() {
        goodbye.wrapAndApplyHeader(scratch, 0, header).correlationId(0L);
        return offer(goodbye.limit(), NOTHING, 0, 0);
    }

    synchronized boolean get(long correlationId, int timeoutMs, boolean mustStream, Key key) {
        get.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .mustStream(flag(mustStream)).putKey(key.buffer(), 0, key.length());
        return offer(get.limit(), NOTHING, 0, 0);
    }

    synchronized boolean getRange(long correlationId, int timeoutMs, boolean mustStream, Key key, ByteRange range) {
        getRange.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .mustStream(flag(mustStream)).position(range.offset()).length(range.length())
                .putKey(key.buffer(), 0, key.length()).ifMatch(range.ifMatch());
        return offer(getRange.limit(), NOTHING, 0, 0);
    }

    synchronized boolean stat(long correlationId, int timeoutMs, Key key) {
        stat.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .putKey(key.buffer(), 0, key.length());
        return offer(stat.limit(), NOTHING, 0, 0);
    }

    /** A put whose payload, at most a chunk, travels with it. */
    synchronized boolean put(long correlationId, int timeoutMs, Key key, PutOptions options, int crc,
            DirectBuffer source,
            int offset, int length) {
        put.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .condition(condition(options)).payloadCrc(crc).ttlMs(options.ttlMs())
                .putKey(key.buffer(), 0, key.length()).contentType(options.contentType()).ifMatch(options.etag());
        return offer(payloadHeader(put.limit(), length), source, offset, length);
    }

    synchronized boolean putOpen(long correlationId, int timeoutMs, Key key, PutOptions options, int crc,
            long totalLength) {
        putOpen.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .condition(condition(options)).payloadCrc(crc).ttlMs(options.ttlMs()).totalLength(totalLength)
                .putKey(key.buffer(), 0, key.length()).contentType(options.contentType()).ifMatch(options.etag());
        return offer(putOpen.limit(), NOTHING, 0, 0);
    }

    synchronized boolean putChunk(long correlationId, long position, DirectBuffer source, int offset, int length) {
        putChunk.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).position(position);
        return offer(payloadHeader(putChunk.limit(), length), source, offset, length);
    }

    synchronized boolean cancel(long correlationId) {
        cancel.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId);
        return offer(cancel.limit(), NOTHING, 0, 0);
    }

    synchronized boolean delete(long correlationId, int timeoutMs, Key key, boolean recursive) {
        delete.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .recursive(flag(recursive)).putKey(key.buffer(), 0, key.length());
        return offer(delete.limit(), NOTHING, 0, 0);
    }

    synchronized boolean move(long correlationId, int timeoutMs, Key from, Key to, boolean keepSource,
            boolean overwrite) {
        move.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .keepSource(flag(keepSource)).overwrite(flag(overwrite)).putFrom(from.buffer(), 0, from.length())
                .putTo(to.buffer(), 0, to.length());
        return offer(move.limit(), NOTHING, 0, 0);
    }

    /** @param key of scope KEY and PREFIX, else null. */
    synchronized boolean invalidate(long correlationId, InvalidationScope scope, @Nullable Key key) {
        DirectBuffer bytes = key == null ? NOTHING : key.buffer();
        invalidate.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).scope(scope).putKey(bytes, 0,
                bytes.capacity());
        return offer(invalidate.limit(), NOTHING, 0, 0);
    }

    synchronized boolean listOpen(long correlationId, int timeoutMs, String prefix, ListOptions options) {
        listOpen.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .recursive(flag(options.depth() > 0)).depth(options.depth()).prefix(prefix).glob(options.glob());
        return offer(listOpen.limit(), NOTHING, 0, 0);
    }

    synchronized boolean listNext(long correlationId, int timeoutMs, long cursorId) {
        listNext.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).timeoutMs(timeoutMs)
                .cursorId(cursorId);
        return offer(listNext.limit(), NOTHING, 0, 0);
    }

    synchronized boolean listClose(long cursorId) {
        listClose.wrapAndApplyHeader(scratch, 0, header).correlationId(0L).cursorId(cursorId);
        return offer(listClose.limit(), NOTHING, 0, 0);
    }

    synchronized boolean status(long correlationId) {
        status.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId);
        return offer(status.limit(), NOTHING, 0, 0);
    }

    synchronized boolean explain(long correlationId, Key key) {
        explain.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId).putKey(key.buffer(), 0, key
                .length());
        return offer(explain.limit(), NOTHING, 0, 0);
    }

    synchronized boolean ping(long correlationId) {
        ping.wrapAndApplyHeader(scratch, 0, header).correlationId(correlationId);
        return offer(ping.limit(), NOTHING, 0, 0);
    }

    /** Whether the node takes part in the connection. */
    synchronized boolean isConnected() {
        return publication != null && publication.isConnected();
    }

    /** From here on every send fails, and the log may be unmapped. */
    synchronized void close() {
        publication = null;
    }

    /** Writes the length that precedes a payload, which itself is offered from where it lies. */
    private int payloadHeader(int at, int length) {
        scratch.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
        return at + Integer.BYTES;
    }

    private boolean offer(int headLength, DirectBuffer payload, int offset, int length) {
        ExclusivePublication open = publication;
        if (open == null) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "the connection to the node is closed");
        }
        long position = length == 0
                ? open.offer(scratch, 0, headLength)
                : open.offer(scratch, 0, headLength, payload, offset, length);
        if (position > 0) {
            sent++;
            return true;
        }
        if (position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION) {
            return false;
        }
        throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                "the connection to the node is lost: " + Publication.errorString(position));
    }

    private static Flag flag(boolean value) {
        return value ? Flag.YES : Flag.NO;
    }

    private static Condition condition(PutOptions options) {
        return switch (options.condition()) {
            case NONE -> Condition.NONE;
            case IF_ABSENT -> Condition.IF_ABSENT;
            case IF_MATCH -> Condition.IF_MATCH;
        };
    }
}
