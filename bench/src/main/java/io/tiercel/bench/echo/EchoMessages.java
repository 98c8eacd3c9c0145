package io.tiercel.bench.echo;

import io.tiercel.tier.ContentHash;
import io.tiercel.wire.codec.FrameStartEncoder;
import io.tiercel.wire.codec.GetEncoder;
import io.tiercel.wire.codec.MessageHeaderEncoder;

/**
 * The bytes of an echo's messages.
 *
 * <pre>
 * request  0: id (8)  8: length of the reply (8)  16: anything, up to the length of a get
 * reply    0: id (8)  8: anything, up to that length, in messages of at most a chunk
 * </pre>
 *
 * Stateless.
 */
public final class EchoMessages {
    static final int ID_OFFSET = 0;
    static final int REPLY_LENGTH_OFFSET = ID_OFFSET + Long.BYTES;
    static final int LEAST_REQUEST_LENGTH = REPLY_LENGTH_OFFSET + Long.BYTES;

    private EchoMessages() {}

    /** Bytes of a get of a key of that many bytes. */
    public static int requestLength(int keyLength) {
        return MessageHeaderEncoder.ENCODED_LENGTH + GetEncoder.BLOCK_LENGTH + GetEncoder.keyHeaderLength() + keyLength;
    }

    /** Bytes of the message that brings a whole frame, which has an ETag and no content type. */
    public static int replyLength(int payloadLength) {
        return MessageHeaderEncoder.ENCODED_LENGTH + FrameStartEncoder.BLOCK_LENGTH
                + FrameStartEncoder.etagHeaderLength() + ContentHash.ETAG_LENGTH
                + FrameStartEncoder.contentTypeHeaderLength() + FrameStartEncoder.payloadHeaderLength() + payloadLength;
    }
}
