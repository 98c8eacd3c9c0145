package io.tiercel.node;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.tiercel.ErrorCode;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.Condition;
import io.tiercel.wire.codec.ErrorDecoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.HelloEncoder;
import io.tiercel.wire.codec.KeepAliveEncoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.PutChunkEncoder;
import io.tiercel.wire.codec.PutOpenEncoder;
import io.tiercel.wire.codec.PutReadyDecoder;
import io.tiercel.wire.codec.WelcomeDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.awaitility.Awaitility;

/** A client that sends what a test tells it to, over IPC, and nothing of its own accord. Not threadsafe. */
final class RawClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Aeron aeron;
    private final Subscription replies;
    private final ExclusivePublication requests;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final Map<Long, Integer> answered = new HashMap<>();
    private final Map<Long, ErrorCode> refused = new HashMap<>();

    /** Connects and is welcomed. */
    RawClient(String aeronDir) {
        int stream = ThreadLocalRandom.current().nextInt(10_000, Integer.MAX_VALUE);
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDir));
        replies = aeron.addSubscription(WireProtocol.ipcChannel(), stream);
        requests = aeron.addExclusivePublication(WireProtocol.ipcRequestChannel(ThreadLocalRandom.current().nextInt()),
                WireProtocol.INGRESS_STREAM_ID);
        HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(1)
                .protocolVersion(WireProtocol.PROTOCOL_VERSION).replyStreamId(stream).replyPort(0)
                .wantsMapping(Flag.NO).nonce(0).clientName("raw");
        offer(hello.encodedLength());
        awaitAnswer(1, WelcomeDecoder.TEMPLATE_ID);
    }

    /** Begins a put in parts, and waits for its room. */
    void openPut(long correlationId, String key, int totalLength) {
        PutOpenEncoder open = new PutOpenEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId)
                .timeoutMs(60_000).condition(Condition.NONE).payloadCrc(0).ttlMs(0).totalLength(totalLength).key(key)
                .contentType("").ifMatch("");
        offer(open.encodedLength());
        awaitAnswer(correlationId, PutReadyDecoder.TEMPLATE_ID);
    }

    /** Sends a part of zeros. */
    void sendPart(long correlationId, long position, int length) {
        PutChunkEncoder part = new PutChunkEncoder().wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId).position(position).putPayload(new byte[length], 0, length);
        offer(part.encodedLength());
    }

    /** How a request was refused; keeps the session alive meanwhile. */
    ErrorCode awaitRefusal(long correlationId) {
        Awaitility.await().pollInSameThread().atMost(PATIENCE).until(() -> {
            offer(new KeepAliveEncoder().wrapAndApplyHeader(buffer, 0, header).correlationId(0).encodedLength());
            poll();
            return refused.containsKey(correlationId);
        });
        return Objects.requireNonNull(refused.get(correlationId));
    }

    private void awaitAnswer(long correlationId, int templateId) {
        Awaitility.await().pollInSameThread().atMost(PATIENCE).until(() -> {
            poll();
            return Integer.valueOf(templateId).equals(answered.get(correlationId));
        });
    }

    private void offer(int encodedLength) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE).until(() -> requests.offer(buffer, 0, length) > 0);
    }

    private void poll() {
        replies.poll((message, offset, length, logHeader) -> onReply(message, offset), 10);
    }

    private void onReply(DirectBuffer message, int offset) {
        MessageHeaderDecoder head = new MessageHeaderDecoder().wrap(message, offset);
        long correlationId = message.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH,
                java.nio.ByteOrder.LITTLE_ENDIAN);
        answered.put(correlationId, head.templateId());
        if (head.templateId() == ErrorDecoder.TEMPLATE_ID) {
            ErrorDecoder error = new ErrorDecoder().wrapAndApplyHeader(message, offset, head);
            refused.put(correlationId, ErrorCode.ofNumber(error.code()));
        }
    }

    @Override
    public void close() {
        aeron.close();
    }
}
