package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.ObjectRead;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads an object's body into memory that somebody else reserved, and checks that it is as long as it said. */
public final class Body {
    private static final int CHUNK_LENGTH = 1 << 20;

    /** Sees the bytes of a body in order, as they arrive. */
    @FunctionalInterface
    public interface Sink {
        /** Takes the bytes between position and limit. */
        void accept(ByteBuffer bytes);
    }

    private Body() {}

    /**
     * Fills {@code target} from a body and closes the body, whatever happens. Blocks: for a virtual thread.
     *
     * @param target as long as the object; written from its first byte to its limit.
     * @param sink sees each part after it has been written, while it is still in the processor's cache.
     * @throws TiercelException STORE_UNAVAILABLE when the body is shorter or longer than its stated length.
     */
    public static void fill(ObjectRead read, ByteBuffer target, Sink sink) throws IOException {
        try (read) {
            fillPart(read, target, sink);
            if (read.read(ByteBuffer.allocate(1)) > 0) {
                throw new TiercelException(ErrorCode.STORE_UNAVAILABLE,
                        "store sent a body longer than it said: expected=" + target.capacity());
            }
        }
    }

    /** The same of the next bytes of a body that goes on, and that stays open whatever happens. */
    public static void fillPart(ObjectRead read, ByteBuffer target, Sink sink) {
        int length = target.capacity();
        int position = 0;
        while (position < length) {
            target.limit(Math.min(length, position + CHUNK_LENGTH)).position(position);
            int count = read.read(target);
            if (count < 0) {
                throw new TiercelException(ErrorCode.STORE_UNAVAILABLE,
                        "store sent a short body: expected=" + length + " received=" + position);
            }
            sink.accept(target.duplicate().limit(position + count).position(position));
            position += count;
        }
    }
}
