package io.tiercel.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.node.NodeSettings;
import io.tiercel.node.TiercelNode;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.ErrorDecoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.GetEncoder;
import io.tiercel.wire.codec.HelloEncoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.PutChunkEncoder;
import io.tiercel.wire.codec.SessionClosedDecoder;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that speak the protocol wrongly lose their session; nobody else notices. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileClientSystemTest {
    private static final int REPLY_STREAM_ID = 4711;

    @TempDir
    Path temp;
    private TiercelNode node;
    private Aeron aeron;
    private Subscription replies;
    private ExclusivePublication requests;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final List<Integer> received = new ArrayList<>();
    private final List<Integer> errors = new ArrayList<>();

    @BeforeEach
    void launch() {
        node = TiercelNode.launch(new NodeSettings.Context().dir(temp).mappedCapacity(64L << 20)
                .udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF).mount("", URI.create("cache:/"))
                .conclude());
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(node.aeronDir()));
        replies = aeron.addSubscription(WireProtocol.ipcChannel(), REPLY_STREAM_ID);
        requests = aeron.addExclusivePublication(WireProtocol.ipcRequestChannel(99), WireProtocol.INGRESS_STREAM_ID);
    }

    @AfterEach
    void close() {
        aeron.close();
        node.close();
    }

    @Test
    void shouldEndSessionOfGarbageAndServeOthers() {
        hello();
        byte[] garbage = new byte[333];
        new Random(7).nextBytes(garbage);
        buffer.putBytes(0, garbage);
        offer(garbage.length);

        awaitReply(SessionClosedDecoder.TEMPLATE_ID);

        assertServes();
    }

    @Test
    void shouldEndSessionOfLengthBeyondMessage() {
        hello();
        GetEncoder get = new GetEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(2).timeoutMs(1000)
                .mustStream(Flag.NO).key("some/key");
        int length = MessageHeaderEncoder.ENCODED_LENGTH + get.encodedLength();
        buffer.putShort(MessageHeaderEncoder.ENCODED_LENGTH + GetEncoder.BLOCK_LENGTH, (short) 60_000);
        offer(length);

        awaitReply(SessionClosedDecoder.TEMPLATE_ID);

        assertServes();
    }

    @Test
    void shouldRefuseIllegalKeyAndKeepSession() {
        hello();
        GetEncoder get = new GetEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(2).timeoutMs(1000)
                .mustStream(Flag.NO).key("a/../../b");
        offer(MessageHeaderEncoder.ENCODED_LENGTH + get.encodedLength());

        awaitReply(ErrorDecoder.TEMPLATE_ID);

        assertThat(errors).containsExactly(ErrorCode.INVALID_KEY.number());
        assertServes();
    }

    @Test
    void shouldPassOverPartsOfPutThatNobodyOpened() {
        hello();
        PutChunkEncoder chunk = new PutChunkEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(77)
                .position(Long.MAX_VALUE).putPayload(new byte[100], 0, 100);
        offer(MessageHeaderEncoder.ENCODED_LENGTH + chunk.encodedLength());

        assertServes();
        assertThat(received).doesNotContain(SessionClosedDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldSurviveManyRandomMessages() {
        Random random = new Random(Long.getLong("tiercel.seed", 42L));
        for (int i = 0; i < 2_000; i++) {
            int length = 8 + random.nextInt(200);
            byte[] body = new byte[length];
            random.nextBytes(body);
            buffer.putBytes(0, body);
            header.wrap(buffer, 0).blockLength(random.nextInt(64)).templateId(1 + random.nextInt(18))
                    .schemaId(MessageHeaderEncoder.SCHEMA_ID).version(MessageHeaderEncoder.SCHEMA_VERSION);
            offer(length);
            poll();
        }

        assertServes();
    }

    private void hello() {
        HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(1)
                .protocolVersion(WireProtocol.PROTOCOL_VERSION).replyStreamId(REPLY_STREAM_ID).replyPort(0)
                .wantsMapping(Flag.NO).nonce(0).clientName("hostile");
        offer(MessageHeaderEncoder.ENCODED_LENGTH + hello.encodedLength());
        Awaitility.await().pollInSameThread().until(() -> poll() > 0);
    }

    private void offer(int length) {
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> requests.offer(buffer, 0, length) > 0);
    }

    private int poll() {
        return replies.poll((message, offset, length, logHeader) -> {
            int templateId = new MessageHeaderDecoder().wrap(message, offset).templateId();
            received.add(templateId);
            if (templateId == ErrorDecoder.TEMPLATE_ID) {
                errors.add(new ErrorDecoder().wrapAndApplyHeader(message, offset, new MessageHeaderDecoder()).code());
            }
        }, 10);
    }

    private void awaitReply(int templateId) {
        Awaitility.await().pollInSameThread().until(() -> {
            poll();
            return received.contains(templateId);
        });
    }

    private void assertServes() {
        try (TiercelClient client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()))) {
            client.put(Key.of("fine"), ByteBuffer.wrap(new byte[]{1}), PutOptions.DEFAULTS);
            try (Frame frame = client.get(Key.of("fine"))) {
                assertThat(frame).isNotNull();
            }
        }
    }
}
