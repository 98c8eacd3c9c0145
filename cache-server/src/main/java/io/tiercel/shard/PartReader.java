package io.tiercel.shard;

import java.util.concurrent.CompletableFuture;

/**
 * One reader's way through one object, part by part. Threadsafe; one read at a time. It holds nothing of the object but
 * what a store sends it past the cache; closing it lets go of that at once.
 */
public interface PartReader extends AutoCloseable {
    /**
     * The part in which a byte of the object lies, whole where the object is cached whole, else some bytes from there on.
     * At or behind the object's end it has no byte of it, but tells its length.
     *
     * @param position  of the first byte wanted.
     * @param maxLength how much the reader is going to read from there: a hint, and no bound for what it is given.
     * @param ifMatch   entity tag that the object must have, else PRECONDITION_FAILED; empty for any.
     */
    CompletableFuture<ReadPart> read(long position, long maxLength, String ifMatch, long timeoutMs);

    /** Idempotent. A read under way still completes. */
    @Override
    void close();
}
