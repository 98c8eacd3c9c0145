package io.tiercel.shard;

import io.tiercel.tier.ContentHash;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Room for the bytes of one open put, in the tier where they are to stay. The opener writes them, any one thread at a
 * time, and then calls exactly one of {@link #commit} and {@link #abort}; until then nothing is seen of the put, and
 * never again may the payload be touched after. Not threadsafe, save {@code abort}.
 */
public interface PutSink {
    /** The room: position 0, limit the length of the request, direct; the same buffer at each call. */
    ByteBuffer payload();

    /**
     * Publishes the bytes, once all are written.
     *
     * @param hash over exactly the payload.
     * @return completes on the shard's thread: acknowledged, or with a TiercelException and then nothing has changed,
     *         unless the code is TIMEOUT.
     */
    CompletableFuture<PutResult> commit(ContentHash hash);

    /** Gives the room back; nothing has changed. Idempotent, and without effect after commit. Any thread. */
    void abort();
}
