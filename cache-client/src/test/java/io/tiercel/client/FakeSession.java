package io.tiercel.client;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.AckEncoder;
import io.tiercel.wire.codec.AttachDecoder;
import io.tiercel.wire.codec.DeleteDecoder;
import io.tiercel.wire.codec.DescriptorEncoder;
import io.tiercel.wire.codec.EntryKind;
import io.tiercel.wire.codec.ErrorEncoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.FrameChunkEncoder;
import io.tiercel.wire.codec.FrameStartEncoder;
import io.tiercel.wire.codec.GetDecoder;
import io.tiercel.wire.codec.HelloDecoder;
import io.tiercel.wire.codec.InvalidateDecoder;
import io.tiercel.wire.codec.ListNextDecoder;
import io.tiercel.wire.codec.ListOpenDecoder;
import io.tiercel.wire.codec.ListPageEncoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.PingDecoder;
import io.tiercel.wire.codec.PongEncoder;
import io.tiercel.wire.codec.PutChunkDecoder;
import io.tiercel.wire.codec.PutDecoder;
import io.tiercel.wire.codec.PutOpenDecoder;
import io.tiercel.wire.codec.PutReadyEncoder;
import io.tiercel.wire.codec.PutReplyEncoder;
import io.tiercel.wire.codec.SessionClosedEncoder;
import io.tiercel.wire.codec.StatDecoder;
import io.tiercel.wire.codec.StatReplyEncoder;
import io.tiercel.wire.codec.StatusDecoder;
import io.tiercel.wire.codec.TextEncoder;
import io.tiercel.wire.codec.WelcomeEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** One client as the fake node sees it. The node's thread only. */
final class FakeSession {
    private static final int PAGE_ENTRIES = 3;

    private final FakeNode node;
    private final Image image;
    private final boolean isIpc;
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>();
    private final Map<Long, Upload> uploads = new HashMap<>();
    private final Map<Long, List<String>> cursors = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerOut = new MessageHeaderEncoder();
    private final ExpandableArrayBuffer out = new ExpandableArrayBuffer();
    private long publicationId;
    private @Nullable ExclusivePublication publication;
    private boolean isAttached;
    private long lastCursor;

    /** A put under way. */
    private static final class Upload {
        final String key;
        final byte[] payload;
        final int crc;
        final boolean created;

        Upload(String key, byte[] payload, int crc, boolean created) {
            this.key = key;
            this.payload = payload;
            this.crc = crc;
            this.created = created;
        }
    }

    FakeSession(FakeNode node, Image image) {
        this.node = node;
        this.image = image;
        this.isIpc = image.sourceIdentity().startsWith("aeron:ipc");
    }

    void onRequest(DirectBuffer buffer, int offset) {
        header.wrap(buffer, offset);
        node.requests.computeIfAbsent(header.templateId(), id -> new AtomicInteger()).incrementAndGet();
        if (node.mischief.isMute && header.templateId() != HelloDecoder.TEMPLATE_ID) {
            return;
        }
        try {
            dispatch(buffer, offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dispatch(DirectBuffer buffer, int offset) throws IOException {
        switch (header.templateId()) {
            case HelloDecoder.TEMPLATE_ID -> onHello(new HelloDecoder().wrapAndApplyHeader(buffer, offset, header));
            case AttachDecoder.TEMPLATE_ID -> {
                isAttached = true;
                ack(new AttachDecoder().wrapAndApplyHeader(buffer, offset, header).correlationId());
            }
            case GetDecoder.TEMPLATE_ID -> onGet(new GetDecoder().wrapAndApplyHeader(buffer, offset, header));
            case StatDecoder.TEMPLATE_ID -> onStat(new StatDecoder().wrapAndApplyHeader(buffer, offset, header));
            case PutDecoder.TEMPLATE_ID -> onPut(new PutDecoder().wrapAndApplyHeader(buffer, offset, header));
            case PutOpenDecoder.TEMPLATE_ID -> onPutOpen(new PutOpenDecoder().wrapAndApplyHeader(buffer, offset,
                    header));
            case PutChunkDecoder.TEMPLATE_ID ->
                onPutChunk(new PutChunkDecoder().wrapAndApplyHeader(buffer, offset, header));
            case DeleteDecoder.TEMPLATE_ID -> {
                DeleteDecoder request = new DeleteDecoder().wrapAndApplyHeader(buffer, offset, header);
                long correlationId = request.correlationId();
                if (drop(request.key())) {
                    ack(correlationId);
                } else {
                    error(correlationId, ErrorCode.NOT_FOUND, "no such key");
                }
            }
            case InvalidateDecoder.TEMPLATE_ID -> {
                InvalidateDecoder request = new InvalidateDecoder().wrapAndApplyHeader(buffer, offset, header);
                long correlationId = request.correlationId();
                UnsafeBuffer prefix = new UnsafeBuffer(request.key().getBytes(StandardCharsets.UTF_8));
                long epoch = node.control.invalidationEpochVolatile() + 1;
                node.control.filterInvalidation(prefix, 0, prefix.capacity(), epoch);
                node.control.invalidationEpochVolatile(epoch);
                ack(correlationId);
            }
            case ListOpenDecoder.TEMPLATE_ID -> {
                ListOpenDecoder request = new ListOpenDecoder().wrapAndApplyHeader(buffer, offset, header);
                long correlationId = request.correlationId();
                String prefix = request.prefix();
                cursors.put(++lastCursor, node.values.keySet().stream().filter(k -> k.startsWith(prefix)).sorted()
                        .toList());
                page(correlationId, lastCursor);
            }
            case ListNextDecoder.TEMPLATE_ID -> {
                ListNextDecoder request = new ListNextDecoder().wrapAndApplyHeader(buffer, offset, header);
                page(request.correlationId(), request.cursorId());
            }
            case StatusDecoder.TEMPLATE_ID -> {
                long correlationId = new StatusDecoder().wrapAndApplyHeader(buffer, offset, header).correlationId();
                byte[] json = "{\"node\":\"fake\"}".getBytes(StandardCharsets.UTF_8);
                TextEncoder text = new TextEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId)
                        .putText(json, 0, json.length);
                queue(text.limit());
            }
            case PingDecoder.TEMPLATE_ID -> {
                long correlationId = new PingDecoder().wrapAndApplyHeader(buffer, offset, header).correlationId();
                queue(new PongEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId).limit());
            }
            default -> {
                // Notices, which need no answer.
            }
        }
    }

    private void onHello(HelloDecoder hello) throws IOException {
        String channel = isIpc
                ? WireProtocol.ipcReplyChannel()
                : WireProtocol.udpReplyChannel(
                        image.sourceIdentity().substring(0, image.sourceIdentity().lastIndexOf(':') + 1)
                                + hello.replyPort());
        publicationId = node.aeron().asyncAddExclusivePublication(channel, hello.replyStreamId());
        boolean maps = hello.wantsMapping() == Flag.YES && hello.nonce() == FakeNode.NONCE
                && !node.mischief.refusesMapping;
        WelcomeEncoder welcome = new WelcomeEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .correlationId(hello.correlationId()).protocolVersion(WireProtocol.PROTOCOL_VERSION)
                .readerNumber(maps ? node.grantReader() : -1).incarnation(node.incarnation()).maxFrame(node.maxFrame)
                .keepAliveMs(300).nodeName("fake");
        queue(welcome.limit());
    }

    private void onGet(GetDecoder get) {
        long correlationId = get.correlationId();
        boolean mustStream = get.mustStream() == Flag.YES;
        FakeNode.Value value = node.values.get(get.key());
        if (value == null) {
            error(correlationId, ErrorCode.NOT_FOUND, "no such key");
        } else if (node.mischief.answersNonsense) {
            StatReplyEncoder reply = new StatReplyEncoder().wrapAndApplyHeader(out, 0, headerOut)
                    .correlationId(correlationId).kind(EntryKind.NULL_VAL);
            queue(reply.limit());
        } else if (value.place != null && isAttached && !mustStream) {
            descriptor(correlationId, value.place);
        } else {
            frame(correlationId, value);
        }
    }

    private void descriptor(long correlationId, Place place) {
        boolean stale = node.mischief.staleReplies.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        DescriptorEncoder reply = new DescriptorEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .correlationId(correlationId).slot(place.slot()).frameOffset(place.frameOffset())
                .generation(place.generation() + (stale ? -1 : 0)).fileGeneration(place.fileGeneration())
                .fileLength(place.fileLength()).sequence(place.sequence())
                .checkedAtEpoch(node.control.invalidationEpochVolatile()).expiresAtMs(place.expiresAtMs())
                .served(io.tiercel.wire.codec.Served.MAPPED);
        queue(reply.limit());
    }

    private void frame(long correlationId, FakeNode.Value value) {
        byte[] payload = value.payload;
        int chunk = isIpc ? WireProtocol.IPC_CHUNK_LENGTH : WireProtocol.UDP_CHUNK_LENGTH;
        int crc = FakeSegments.crc32c(payload) + (node.mischief.corruptsChecksum ? 1 : 0);
        int first = Math.min(chunk, payload.length);
        FrameStartEncoder start = new FrameStartEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .correlationId(correlationId)
                .totalLength(node.mischief.claimedLength >= 0 ? node.mischief.claimedLength : payload.length)
                .payloadCrc(crc).epoch(0).expiresAtMs(0).lastModifiedMs(1_700_000_000_000L)
                .served(io.tiercel.wire.codec.Served.HEAP).etag(value.etag).contentType("text/plain")
                .putPayload(payload, 0, first);
        queue(start.limit());
        boolean skip = node.mischief.skipsChunk;
        for (int at = first; at < payload.length && !node.mischief.stopsMidway; at += chunk) {
            int length = Math.min(chunk, payload.length - at);
            if (skip) {
                skip = false;
                continue;
            }
            FrameChunkEncoder next = new FrameChunkEncoder().wrapAndApplyHeader(out, 0, headerOut)
                    .correlationId(correlationId).position(at).putPayload(payload, at, length);
            queue(next.limit());
        }
    }

    private void onStat(StatDecoder stat) {
        long correlationId = stat.correlationId();
        FakeNode.Value value = node.values.get(stat.key());
        if (value == null) {
            error(correlationId, ErrorCode.NOT_FOUND, "no such key");
            return;
        }
        StatReplyEncoder reply = new StatReplyEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .correlationId(correlationId).kind(EntryKind.FILE).served(io.tiercel.wire.codec.Served.MAPPED)
                .length(value.payload.length).lastModifiedMs(1_700_000_000_000L).expiresAtMs(0).weight(128).epoch(7)
                .etag(value.etag).contentType("text/plain").mount("m");
        queue(reply.limit());
    }

    private void onPut(PutDecoder put) {
        long correlationId = put.correlationId();
        int crc = put.payloadCrc();
        String key = put.key();
        put.skipContentType();
        put.skipIfMatch();
        byte[] payload = new byte[put.payloadLength()];
        put.getPayload(payload, 0, payload.length);
        store(correlationId, new Upload(key, payload, crc, !node.values.containsKey(key)));
    }

    private void onPutOpen(PutOpenDecoder open) {
        long correlationId = open.correlationId();
        int length = (int) open.totalLength();
        int crc = open.payloadCrc();
        String key = open.key();
        uploads.put(correlationId, new Upload(key, new byte[length], crc, !node.values.containsKey(key)));
        queue(new PutReadyEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId).limit());
    }

    private void onPutChunk(PutChunkDecoder chunk) {
        Upload upload = uploads.get(chunk.correlationId());
        if (upload == null) {
            return;
        }
        int position = (int) chunk.position();
        int length = chunk.payloadLength();
        chunk.getPayload(upload.payload, position, length);
        if (position + length == upload.payload.length) {
            uploads.remove(chunk.correlationId());
            store(chunk.correlationId(), upload);
        }
    }

    private void store(long correlationId, Upload upload) {
        if (FakeSegments.crc32c(upload.payload) != upload.crc) {
            error(correlationId, ErrorCode.CORRUPT, "put does not match its checksum");
            return;
        }
        drop(upload.key);
        node.values.put(upload.key, new FakeNode.Value(upload.payload, "\"e\"", null));
        PutReplyEncoder reply = new PutReplyEncoder().wrapAndApplyHeader(out, 0, headerOut)
                .correlationId(correlationId).created(upload.created ? Flag.YES : Flag.NO).etag("\"e\"");
        queue(reply.limit());
    }

    private boolean drop(String key) {
        FakeNode.Value old = node.values.remove(Key.of(key).toString());
        if (old != null && old.place != null) {
            node.segments.kill(old.place);
        }
        return old != null;
    }

    private void page(long correlationId, long cursorId) {
        List<String> left = cursors.get(cursorId);
        if (left == null) {
            error(correlationId, ErrorCode.INVALID_ARGUMENT, "no such cursor");
            return;
        }
        List<String> now = left.subList(0, Math.min(PAGE_ENTRIES, left.size()));
        cursors.put(cursorId, left.subList(now.size(), left.size()));
        boolean last = now.size() == left.size();
        ListPageEncoder reply = new ListPageEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId)
                .cursorId(cursorId).last(last ? Flag.YES : Flag.NO).served(io.tiercel.wire.codec.Served.MAPPED);
        ListPageEncoder.EntriesEncoder entries = reply.entriesCount(now.size());
        for (String path : now) {
            entries.next().kind(EntryKind.FILE).length(payloadLength(path)).lastModifiedMs(5)
                    .path(path).etag("\"x\"");
        }
        queue(reply.limit());
    }

    private int payloadLength(String path) {
        FakeNode.Value value = node.values.get(path);
        return value == null ? 0 : value.payload.length;
    }

    private void ack(long correlationId) {
        queue(new AckEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId).epoch(1).limit());
    }

    private void error(long correlationId, ErrorCode code, String message) {
        ErrorEncoder reply = new ErrorEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(correlationId)
                .code(code.number()).retryAfterMs(0).message(message);
        queue(reply.limit());
    }

    void close(String reason) {
        SessionClosedEncoder reply = new SessionClosedEncoder().wrapAndApplyHeader(out, 0, headerOut).correlationId(0)
                .code(ErrorCode.OVERLOADED.number()).message(reason);
        queue(reply.limit());
    }

    private void queue(int length) {
        byte[] message = new byte[length];
        out.getBytes(0, message);
        replies.add(message);
    }

    /** Sends what the client takes now; answers how many messages. */
    int send() {
        if (publication == null && publicationId != 0) {
            publication = node.aeron().getExclusivePublication(publicationId);
        }
        int count = 0;
        while (publication != null && !replies.isEmpty()
                && publication.offer(new UnsafeBuffer(replies.peek())) > 0) {
            replies.poll();
            count++;
        }
        return count;
    }
}
