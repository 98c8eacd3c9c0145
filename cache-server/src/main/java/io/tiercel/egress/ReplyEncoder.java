package io.tiercel.egress;

import io.tiercel.ErrorCode;
import io.tiercel.load.ListedEntry;
import io.tiercel.shard.EntryKind;
import io.tiercel.shard.ListingPage;
import io.tiercel.shard.PutResult;
import io.tiercel.shard.Served;
import io.tiercel.shard.StatResult;
import io.tiercel.tier.FrameView;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.AckEncoder;
import io.tiercel.wire.codec.DescriptorEncoder;
import io.tiercel.wire.codec.ErrorEncoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.FrameChunkEncoder;
import io.tiercel.wire.codec.FrameStartEncoder;
import io.tiercel.wire.codec.ListPageEncoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.PongEncoder;
import io.tiercel.wire.codec.PutReadyEncoder;
import io.tiercel.wire.codec.PutReplyEncoder;
import io.tiercel.wire.codec.SessionClosedEncoder;
import io.tiercel.wire.codec.StatReplyEncoder;
import io.tiercel.wire.codec.TextEncoder;
import io.tiercel.wire.codec.WelcomeEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Encodes one reply at a time into a buffer of its own and answers its length. A frame's payload is not copied there:
 * the message ends with the payload's length, and the payload follows from where it lies. Single writer: shard agent.
 */
final class ReplyEncoder {
    /** Longest text in a message: what is longer is cut, since it is for people. */
    private static final int MAX_MESSAGE_LENGTH = 1024;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(4096);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final ErrorEncoder error = new ErrorEncoder();
    private final DescriptorEncoder descriptor = new DescriptorEncoder();
    private final FrameStartEncoder frameStart = new FrameStartEncoder();
    private final FrameChunkEncoder frameChunk = new FrameChunkEncoder();
    private final StatReplyEncoder stat = new StatReplyEncoder();
    private final PutReadyEncoder putReady = new PutReadyEncoder();
    private final PutReplyEncoder putReply = new PutReplyEncoder();
    private final AckEncoder ack = new AckEncoder();
    private final ListPageEncoder listPage = new ListPageEncoder();
    private final TextEncoder text = new TextEncoder();
    private final PongEncoder pong = new PongEncoder();
    private final SessionClosedEncoder sessionClosed = new SessionClosedEncoder();

    /** The message encoded last, from offset 0. */
    DirectBuffer buffer() {
        return buffer;
    }

    int welcome(long correlationId, int readerNumber, long incarnation, long maxFrame, int keepAliveMs, String name) {
        welcome.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId)
                .protocolVersion(WireProtocol.PROTOCOL_VERSION).readerNumber(readerNumber).incarnation(incarnation)
                .maxFrame(maxFrame).keepAliveMs(keepAliveMs).nodeName(name);
        return length(welcome.encodedLength());
    }

    int error(long correlationId, ErrorCode code, String message, int retryAfterMs) {
        error.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).code(code.number())
                .retryAfterMs(retryAfterMs).message(cut(message));
        return length(error.encodedLength());
    }

    int descriptor(long correlationId, FrameView frame, long epoch, Served served) {
        descriptor.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).slot(frame.slot())
                .frameOffset(frame.frameOffset()).generation(frame.generation()).fileGeneration(frame.fileGeneration())
                .fileLength(frame.fileLength()).sequence(frame.sequence()).checkedAtEpoch(epoch).served(wire(served))
                .expiresAtMs(frame.expiresAtMs());
        return length(descriptor.encodedLength());
    }

    /** Begins a slice of a frame; {@code partLength} bytes of it are to follow the message. */
    int frameStart(long correlationId, FrameView frame, Slice slice, Served served, int partLength) {
        boolean isWhole = slice.length() == frame.payloadLength();
        frameStart.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).totalLength(slice.length())
                .payloadCrc(isWhole ? frame.payloadCrc() : 0).epoch(frame.epoch()).expiresAtMs(frame.expiresAtMs())
                .lastModifiedMs(frame.lastModifiedMs()).served(wire(served)).hasCrc(isWhole ? Flag.YES : Flag.NO)
                .position(slice.position()).objectLength(slice.objectLength())
                .putEtag(frame.buffer(), frame.etagOffset(), frame.etagLength())
                .putContentType(frame.buffer(), frame.contentTypeOffset(), frame.contentTypeLength());
        return withPartLength(length(frameStart.encodedLength()), partLength);
    }

    /** Goes on with a frame; {@code partLength} bytes of payload are to follow the message. */
    int frameChunk(long correlationId, long position, int partLength) {
        frameChunk.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).position(position);
        return withPartLength(length(frameChunk.encodedLength()), partLength);
    }

    private int withPartLength(int offset, int partLength) {
        buffer.putInt(offset, partLength, ByteOrder.LITTLE_ENDIAN);
        return offset + FrameStartEncoder.payloadHeaderLength();
    }

    int stat(long correlationId, StatResult result) {
        stat.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId)
                .kind(wire(result.kind() == EntryKind.FOLDER)).served(wireTier(result.tier())).length(result.length())
                .lastModifiedMs(result.lastModifiedMs()).expiresAtMs(result.expiresAtMs()).weight(result.weight())
                .epoch(result.epoch()).etag(result.etag()).contentType(result.contentType()).mount(result.mount());
        return length(stat.encodedLength());
    }

    int putReady(long correlationId) {
        putReady.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId);
        return length(putReady.encodedLength());
    }

    int putReply(long correlationId, PutResult result) {
        putReply.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId)
                .created(result.created() ? Flag.YES : Flag.NO).etag(result.etag());
        return length(putReply.encodedLength());
    }

    int ack(long correlationId, long epoch) {
        ack.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).epoch(epoch);
        return length(ack.encodedLength());
    }

    int listPage(long correlationId, ListingPage page) {
        ListPageEncoder.EntriesEncoder entries = listPage.wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId).cursorId(page.cursorId()).last(page.isLast() ? Flag.YES : Flag.NO)
                .served(wire(page.served()))
                .entriesCount(page.entries().size());
        for (ListedEntry entry : page.entries()) {
            entries.next().kind(wire(entry.isFolder())).length(entry.length()).lastModifiedMs(entry.lastModifiedMs())
                    .path(entry.path()).etag(entry.etag());
        }
        return length(listPage.encodedLength());
    }

    int text(long correlationId, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        text.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).putText(bytes, 0, bytes.length);
        return length(text.encodedLength());
    }

    int pong(long correlationId) {
        pong.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId);
        return length(pong.encodedLength());
    }

    int sessionClosed(ErrorCode code, String message) {
        sessionClosed.wrapAndApplyHeader(buffer, 0, header).correlationId(0L).code(code.number())
                .message(cut(message));
        return length(sessionClosed.encodedLength());
    }

    private static int length(int encodedLength) {
        return MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
    }

    private static String cut(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH);
    }

    private static io.tiercel.wire.codec.EntryKind wire(boolean isFolder) {
        return isFolder ? io.tiercel.wire.codec.EntryKind.FOLDER : io.tiercel.wire.codec.EntryKind.FILE;
    }

    private static io.tiercel.wire.codec.Served wireTier(String tier) {
        return switch (tier) {
            case "heap" -> io.tiercel.wire.codec.Served.HEAP;
            case "mapped" -> io.tiercel.wire.codec.Served.MAPPED;
            default -> io.tiercel.wire.codec.Served.STORE;
        };
    }

    private static io.tiercel.wire.codec.Served wire(Served served) {
        return switch (served) {
            case HEAP -> io.tiercel.wire.codec.Served.HEAP;
            case MAPPED -> io.tiercel.wire.codec.Served.MAPPED;
            case LOADED -> io.tiercel.wire.codec.Served.LOADED;
            case COLLAPSED -> io.tiercel.wire.codec.Served.COLLAPSED;
            case STORE -> io.tiercel.wire.codec.Served.STORE;
            case STALE -> io.tiercel.wire.codec.Served.STALE;
            case REVALIDATED -> io.tiercel.wire.codec.Served.REVALIDATED;
        };
    }
}
