package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.FrameStartDecoder;
import io.tiercel.wire.codec.FrameStartEncoder;
import io.tiercel.wire.codec.GetDecoder;
import io.tiercel.wire.codec.GetEncoder;
import io.tiercel.wire.codec.MessageHeaderDecoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;
import io.tiercel.wire.codec.Served;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * What do the messages of a get cost to write and to read, without any transport?
 *
 * <p>An operation encodes the message, decodes it again and compares what came through: {@code request} a get with its
 * key, {@code reply} the start of a frame with entity tag, content type and payload. What does not come through counts as
 * a miss and fails the run. Keys are drawn uniformly.
 *
 * <p>Not measured: what ingress and client check of a message, correlation, Aeron.
 *
 * <p>{@code bench/bin/bench jmh Codec -prof gc -foe true}
 */
public class CodecBenchmark extends CountedBenchmark {
    private static final int KEY_COUNT = 256;
    private static final int BUFFER_LENGTH = 4096;
    private static final int PAYLOAD_LENGTH = 64;

    private final Keyspace keys = new Keyspace(KEY_COUNT);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private final UnsafeBuffer etag = new UnsafeBuffer(new byte[34]);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder decodedHeader = new MessageHeaderDecoder();
    private final GetEncoder get = new GetEncoder();
    private final GetDecoder decodedGet = new GetDecoder();
    private final FrameStartEncoder frame = new FrameStartEncoder();
    private final FrameStartDecoder decodedFrame = new FrameStartDecoder();
    private long correlationId;

    @Benchmark
    public boolean request() {
        Key key = keys.key(keys.draw());
        correlationId++;
        get.wrapAndApplyHeader(message, 0, header).correlationId(correlationId).timeoutMs(5000).mustStream(Flag.NO)
                .putKey(key.buffer(), 0, key.length());
        decodedGet.wrapAndApplyHeader(message, 0, decodedHeader);
        boolean isRight = decodedGet.correlationId() == correlationId;
        decodedGet.wrapKey(view);
        return hits.count(isRight && view.capacity() == key.length());
    }

    @Benchmark
    public boolean reply() {
        correlationId++;
        frame.wrapAndApplyHeader(message, 0, header).correlationId(correlationId).totalLength(PAYLOAD_LENGTH)
                .payloadCrc(1).epoch(2).expiresAtMs(3).lastModifiedMs(4).served(Served.HEAP).hasCrc(Flag.YES)
                .position(0).objectLength(PAYLOAD_LENGTH).putEtag(etag, 0, etag.capacity()).putContentType(etag, 0, 0)
                .putPayload(payload, 0, PAYLOAD_LENGTH);
        decodedFrame.wrapAndApplyHeader(message, 0, decodedHeader);
        boolean isRight = decodedFrame.correlationId() == correlationId
                && decodedFrame.totalLength() == PAYLOAD_LENGTH && decodedFrame.served() == Served.HEAP;
        decodedFrame.wrapEtag(view);
        isRight &= view.capacity() == etag.capacity();
        decodedFrame.skipContentType();
        decodedFrame.wrapPayload(view);
        return hits.count(isRight && view.capacity() == PAYLOAD_LENGTH);
    }
}
