package io.tiercel.node;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.DescriptorDecoder;
import io.tiercel.wire.codec.DescriptorEncoder;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.FrameStartEncoder;
import io.tiercel.wire.codec.GetDecoder;
import io.tiercel.wire.codec.HelloDecoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.Served;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what the clients of a host say to its node, and answers one of them in the node's place. A thread of its own
 * listens, so that it holds nobody up.
 */
final class Forger implements AutoCloseable {
    /** Where a frame lies, as the wire says it. */
    record Place(int slot, int frameOffset, long generation, long fileGeneration, long fileLength, long sequence,
            long checkedAtEpoch) {}

    /** A get as it was overheard. */
    record Get(long correlationId, String key, boolean mustStream) {}

    final Queue<Get> gets = new ConcurrentLinkedQueue<>();
    /** What the node answered, by correlation id. */
    final Map<Long, Place> places = new ConcurrentHashMap<>();

    private final Aeron aeron;
    private final Subscription requests;
    private final Thread listener;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private volatile int replyStreamId;
    private volatile boolean isClosed;
    private @Nullable ExclusivePublication replies;

    /** Begins to listen; the next client that says hello is the one to be lied to. */
    Forger(String aeronDir) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDir)
                .driverTimeoutMs(TimeUnit.MINUTES.toMillis(2)));
        requests = aeron.addSubscription(WireProtocol.ipcChannel(), WireProtocol.INGRESS_STREAM_ID);
        listener = new Thread(this::listen, "forger");
        listener.start();
    }

    private void listen() {
        FragmentAssembler onRequest = new FragmentAssembler((message, offset, length, log) -> request(message, offset));
        FragmentAssembler onReply = new FragmentAssembler((message, offset, length, log) -> reply(message, offset));
        Subscription answers = null;
        while (!isClosed) {
            int work = requests.poll(onRequest, 16);
            if (answers == null && replyStreamId != 0) {
                answers = aeron.addSubscription(WireProtocol.ipcChannel(), replyStreamId);
            }
            work += answers == null ? 0 : answers.poll(onReply, 16);
            if (work == 0) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private void request(DirectBuffer message, int offset) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(message, offset);
        if (header.templateId() == HelloDecoder.TEMPLATE_ID) {
            replyStreamId = new HelloDecoder().wrapAndApplyHeader(message, offset, header).replyStreamId();
        } else if (header.templateId() == GetDecoder.TEMPLATE_ID) {
            GetDecoder get = new GetDecoder().wrapAndApplyHeader(message, offset, header);
            gets.add(new Get(get.correlationId(), get.key(), get.mustStream() == Flag.YES));
        }
    }

    private void reply(DirectBuffer message, int offset) {
        MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(message, offset);
        if (header.templateId() == DescriptorDecoder.TEMPLATE_ID) {
            DescriptorDecoder reply = new DescriptorDecoder().wrapAndApplyHeader(message, offset, header);
            places.put(reply.correlationId(), new Place(reply.slot(), reply.frameOffset(), reply.generation(),
                    reply.fileGeneration(), reply.fileLength(), reply.sequence(), reply.checkedAtEpoch()));
        }
    }

    /** Opens the way to the client that said hello last; the node's media driver must run for it. */
    void connect() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> replyStreamId != 0);
        ExclusivePublication made = aeron.addExclusivePublication(WireProtocol.ipcReplyChannel(), replyStreamId);
        replies = made;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(made::isConnected);
    }

    /** Answers a get with a place. */
    void answer(long correlationId, Place place) {
        DescriptorEncoder forged = new DescriptorEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).correlationId(correlationId)
                .slot(place.slot).frameOffset(place.frameOffset).generation(place.generation)
                .fileGeneration(place.fileGeneration).fileLength(place.fileLength).sequence(place.sequence)
                .checkedAtEpoch(place.checkedAtEpoch).served(Served.MAPPED);
        offer(forged.encodedLength());
    }

    /** Answers a get with bytes, whole and of their own checksum. */
    void answer(long correlationId, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        FrameStartEncoder forged = new FrameStartEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .correlationId(correlationId).totalLength(bytes.length).payloadCrc((int) crc.getValue()).epoch(0)
                .expiresAtMs(0).lastModifiedMs(0).served(Served.MAPPED).etag("").contentType("")
                .putPayload(bytes, 0, bytes.length);
        offer(forged.encodedLength());
    }

    private ExclusivePublication replies() {
        return Objects.requireNonNull(replies, "connect first");
    }

    private void offer(int encodedLength) {
        int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60)).until(() -> replies().offer(buffer, 0, length) > 0);
    }

    /** Waits until everything said was taken out of the log by whoever listens, the node's driver running or not. */
    void awaitHeard() {
        String session = " " + replies().sessionId() + " ";
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60)).until(() -> {
                    long[] slowest = {Long.MAX_VALUE};
                    CountersReader counters = aeron.countersReader();
                    counters.forEach((counterId, typeId, key, label) -> {
                        if (typeId == AeronCounters.DRIVER_SUBSCRIBER_POSITION_TYPE_ID && label.contains(session)) {
                            slowest[0] = Math.min(slowest[0], counters.getCounterValue(counterId));
                        }
                    });
                    return slowest[0] != Long.MAX_VALUE && slowest[0] >= replies().position();
                });
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            listener.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        aeron.close();
    }
}
