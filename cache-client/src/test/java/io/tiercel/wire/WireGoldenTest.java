package io.tiercel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.wire.codec.*;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The bytes of version 2 of the schema, message by message, and those of version 1 as they are read now. A client or node of the field sends these: a difference means a
 * new version of the schema, and the old lines stay.
 */
class WireGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/wire-2.txt");
    private static final Path GOLDEN_1 = Path.of("src/test/resources/golden/wire-1.txt");
    private static final byte[] KEY = "a/k".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PAYLOAD = {1, 2, 3};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder in = new MessageHeaderDecoder();
    private final List<String> lines = new ArrayList<>();

    @Test
    void shouldKeepTheBytesOfVersion2() throws IOException {
        requests();
        replies();

        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
    }

    @Test
    void shouldReadTheBytesOfVersion1() throws IOException {
        UnsafeBuffer bytes = golden("Put ");
        PutDecoder put = new PutDecoder().wrapAndApplyHeader(bytes, 0, in);
        assertThat(put.correlationId()).isEqualTo(7);
        assertThat(put.condition()).isEqualTo(Condition.IF_MATCH);
        assertThat(put.payloadCrc()).isEqualTo(9);
        assertThat(put.ttlMs()).isEqualTo(10);
        assertThat(put.key()).isEqualTo("a/k");
        assertThat(put.contentType()).isEqualTo("t");
        assertThat(put.ifMatch()).isEqualTo("\"e\"");
        assertThat(put.payloadLength()).isEqualTo(3);

        bytes = golden("Descriptor ");
        DescriptorDecoder place = new DescriptorDecoder().wrapAndApplyHeader(bytes, 0, in);
        assertThat(List.of((long) place.slot(), (long) place.frameOffset(), place.generation(), place.fileGeneration(),
                place.fileLength(), place.sequence(), place.checkedAtEpoch())).containsExactly(8L, 9L, 10L, 11L, 12L,
                        13L,
                        14L);
        assertThat(place.served()).isEqualTo(Served.COLLAPSED);

        assertThat(place.expiresAtMs()).as("what version 1 does not tell").isEqualTo(
                DescriptorDecoder.expiresAtMsNullValue());

        bytes = golden("FrameStart ");
        FrameStartDecoder start = new FrameStartDecoder().wrapAndApplyHeader(bytes, 0, in);
        assertThat(start.totalLength()).isEqualTo(8);
        assertThat(start.payloadCrc()).isEqualTo(9);
        assertThat(start.hasCrc()).as("what version 1 does not tell").isEqualTo(Flag.NULL_VAL);
        assertThat(start.objectLength()).isEqualTo(FrameStartDecoder.objectLengthNullValue());
        assertThat(start.etag()).isEqualTo("\"e\"");

        bytes = golden("ListPage ");
        ListPageDecoder page = new ListPageDecoder().wrapAndApplyHeader(bytes, 0, in);
        assertThat(page.cursorId()).isEqualTo(8);
        ListPageDecoder.EntriesDecoder entry = page.entries().next();
        assertThat(page.served()).as("what version 1 does not tell").isEqualTo(Served.NULL_VAL);
        assertThat(entry.kind()).isEqualTo(EntryKind.FOLDER);
        assertThat(entry.path()).isEqualTo("a/k");
        assertThat(entry.etag()).isEqualTo("\"e\"");

        bytes = golden("ListOpen ");
        ListOpenDecoder list = new ListOpenDecoder().wrapAndApplyHeader(bytes, 0, in);
        assertThat(list.depth()).isEqualTo(ListOpenDecoder.depthNullValue());
        assertThat(list.prefix()).isEqualTo("a");
        assertThat(list.glob()).isEmpty();
    }

    private UnsafeBuffer golden(String name) throws IOException {
        String line = Files.readAllLines(GOLDEN_1).stream().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
        return new UnsafeBuffer(HexFormat.of().parseHex(line.substring(name.length())));
    }

    private void requests() {
        line("Hello", new HelloEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).protocolVersion(1)
                .replyStreamId(8).replyPort(9).wantsMapping(Flag.YES).nonce(10).clientName("ä").limit());
        line("Attach", new AttachEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("KeepAlive", new KeepAliveEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("Goodbye", new GoodbyeEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("Get", new GetEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .mustStream(Flag.YES).putKey(KEY, 0, 3).limit());
        line("GetRange", new GetRangeEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .mustStream(Flag.NO).position(9).length(10).putKey(KEY, 0, 3).ifMatch("\"e\"").limit());
        line("Stat", new StatEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .putKey(KEY, 0, 3).limit());
        line("Put", new PutEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .condition(Condition.IF_MATCH).payloadCrc(9).ttlMs(10).putKey(KEY, 0, 3).contentType("t")
                .ifMatch("\"e\"").putPayload(PAYLOAD, 0, 3).limit());
        line("PutOpen", new PutOpenEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .condition(Condition.IF_ABSENT).payloadCrc(9).ttlMs(10).totalLength(11).putKey(KEY, 0, 3)
                .contentType("t").ifMatch("").limit());
        line("PutChunk", new PutChunkEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).position(8)
                .putPayload(PAYLOAD, 0, 3).limit());
        line("Cancel", new CancelEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("Delete", new DeleteEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .recursive(Flag.YES).putKey(KEY, 0, 3).limit());
        line("Invalidate", new InvalidateEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7)
                .scope(InvalidationScope.PREFIX).putKey(KEY, 0, 3).limit());
        line("ListOpen", new ListOpenEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .recursive(Flag.NO).depth(9).prefix("a").glob("*.x").limit());
        line("Move", new MoveEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .keepSource(Flag.YES).overwrite(Flag.NO).putFrom(KEY, 0, 3).to("b").limit());
        line("ListNext", new ListNextEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).timeoutMs(8)
                .cursorId(9).limit());
        line("ListClose", new ListCloseEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).cursorId(8)
                .limit());
        line("Status", new StatusEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("Explain", new ExplainEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).putKey(KEY, 0, 3)
                .limit());
        line("Ping", new PingEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
    }

    private void replies() {
        line("Welcome", new WelcomeEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).protocolVersion(1)
                .readerNumber(-1).incarnation(8).maxFrame(9).keepAliveMs(10).nodeName("n").limit());
        line("Error", new ErrorEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).code(6).retryAfterMs(8)
                .message("m").limit());
        line("Descriptor", new DescriptorEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).slot(8)
                .frameOffset(9).generation(10).fileGeneration(11).fileLength(12).sequence(13).checkedAtEpoch(14)
                .served(Served.COLLAPSED).expiresAtMs(15).limit());
        line("FrameStart", new FrameStartEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).totalLength(8)
                .payloadCrc(9).epoch(10).expiresAtMs(11).lastModifiedMs(12).served(Served.STORE)
                .hasCrc(Flag.YES).position(13).objectLength(14).etag("\"e\"").contentType("t").putPayload(PAYLOAD, 0, 3)
                .limit());
        line("FrameChunk", new FrameChunkEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).position(8)
                .putPayload(PAYLOAD, 0, 3).limit());
        line("StatReply", new StatReplyEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7)
                .kind(EntryKind.FILE).served(Served.HEAP).length(8).lastModifiedMs(9).expiresAtMs(10).weight(11).epoch(
                        12)
                .etag("\"e\"").contentType("t").mount("m").limit());
        line("PutReady", new PutReadyEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("PutReply", new PutReplyEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).created(Flag.YES)
                .etag("\"e\"").limit());
        line("Ack", new AckEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).epoch(8).limit());
        ListPageEncoder page = new ListPageEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).cursorId(8)
                .last(Flag.NO).served(Served.MAPPED);
        page.entriesCount(1).next().kind(EntryKind.FOLDER).length(9).lastModifiedMs(10).path("a/k").etag("\"e\"");
        line("ListPage", page.limit());
        line("Text", new TextEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).putText(PAYLOAD, 0, 3)
                .limit());
        line("Pong", new PongEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(7).limit());
        line("SessionClosed", new SessionClosedEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(0).code(13)
                .message("m").limit());
    }

    private void line(String name, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        lines.add(name + " " + HexFormat.of().formatHex(bytes));
        buffer.setMemory(0, buffer.capacity(), (byte) 0xEE);
    }
}
