package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.load.ListQuery;
import io.tiercel.tier.Pinned;
import java.util.concurrent.CompletableFuture;

/**
 * What gateways ask of a shard. Threadsafe; no call blocks.
 *
 * <p>Futures complete on the shard's thread: what hangs on them must do next to nothing there and hand over. They fail
 * with {@link io.tiercel.TiercelException} and nothing else; after the shard's end with NODE_UNAVAILABLE. A future that
 * its caller gave up still completes, and what it bears (a pin, an open put) is still the caller's to give back.
 */
public interface Commands {
    /** The frame of a key, from the tiers or loaded. */
    CompletableFuture<ReadResult> read(Key key, long timeoutMs);

    /** A reader of an object's parts, from the tiers or loaded; nothing happens before it reads. */
    PartReader parts(Key key);

    /** What lies at a key, without loading it. */
    CompletableFuture<StatResult> stat(Key key, long timeoutMs);

    /** Room for a put. A condition is judged when it opens, to refuse early, and again at commit, which decides. */
    CompletableFuture<PutSink> openPut(PutRequest request);

    /** Deletes an object, or all at and under a key; false when there was nothing. */
    CompletableFuture<Boolean> delete(Key key, boolean recursive, long timeoutMs);

    /** Gives an object another key, or a second one. */
    CompletableFuture<PutResult> move(MoveRequest request);

    /** The first page of a listing; unless it is the last, {@link #closeListing} or the last page must follow. */
    CompletableFuture<ListingPage> list(ListQuery query, long timeoutMs);

    /** The next page of a listing; one at a time. After a failure the listing is closed, but after TIMEOUT. */
    CompletableFuture<ListingPage> nextPage(long cursorId, long timeoutMs);

    /** Ends a listing early; one that has ended is no error. */
    void closeListing(long cursorId);

    /** Drops a key from the cache; bears the invalidation epoch. */
    CompletableFuture<Long> invalidate(Key key);

    /** Drops all at and under a key from the cache; bears the epoch. */
    CompletableFuture<Long> invalidatePrefix(Key prefix);

    /** Drops everything from the cache; bears the epoch. */
    CompletableFuture<Long> invalidateAll();

    /** Changes what segment files may take, as {@link io.tiercel.tier.TieredStore#mappedCapacity(long)} does; bears it. */
    CompletableFuture<Long> mappedCapacity(long bytes);

    CompletableFuture<NodeStatus> status();

    /** What would answer a read of a key now and why, as JSON; nothing is loaded. */
    CompletableFuture<String> explain(Key key);

    /** Gives back the frame of a {@link ReadResult} or {@link ReadPart}, once. Its bytes must not be touched from here on. */
    void release(Pinned frame);
}
