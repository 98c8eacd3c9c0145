package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.PutReplyDecoder;
import org.agrona.DirectBuffer;

/**
 * Stores a value: in one message when it fits a chunk, else opened, and sent in chunks when the node is ready, a few a
 * turn so that one large put holds up nobody.
 */
final class PutCall extends Call<PutResult> {
    private static final int CHUNKS_A_TURN = 8;

    private final Key key;
    private final DirectBuffer source;
    private final int offset;
    private final int length;
    private final PutOptions options;
    private final int crc;
    private boolean isReady;
    private int sent;

    /** Computes the checksum of the source here, on the caller's thread. */
    PutCall(long deadlineNs, Key key, DirectBuffer source, int offset, int length, PutOptions options) {
        super(deadlineNs);
        source.boundsCheck(offset, length);
        this.key = key;
        this.source = source;
        this.offset = offset;
        this.length = length;
        this.options = options;
        this.crc = Checksums.crc32c(source, offset, length);
    }

    @Override
    void requireAllowed(long maxFrame) {
        if (length > maxFrame) {
            throw new TiercelException(ErrorCode.TOO_LARGE,
                    "value of " + key + " is too large: length=" + length + " maxFrame=" + maxFrame);
        }
    }

    @Override
    String what() {
        return "put of " + key;
    }

    @Override
    boolean isCancellable() {
        return true;
    }

    @Override
    boolean trySend(RequestSender sender) {
        if (isReady) {
            return trySendChunks(sender);
        }
        return length <= sender.chunkLength()
                ? sender.put(correlationId(), timeoutMs(), key, options, crc, source, offset, length)
                : sender.putOpen(correlationId(), timeoutMs(), key, options, crc, length);
    }

    private boolean trySendChunks(RequestSender sender) {
        for (int i = 0; i < CHUNKS_A_TURN && sent < length; i++) {
            int chunk = Math.min(sender.chunkLength(), length - sent);
            if (!sender.putChunk(correlationId(), sent, source, offset + sent, chunk)) {
                return false;
            }
            sent += chunk;
        }
        return sent == length;
    }

    @Override
    void onPutReady() {
        Session carrier = session();
        if (!isReady && carrier != null) {
            isReady = true;
            carrier.enqueue(this);
        }
    }

    @Override
    void onPut(PutReplyDecoder reply) {
        boolean created = reply.created() == Flag.YES;
        complete(new PutResult(reply.etag(), created));
    }
}
