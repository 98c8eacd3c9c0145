package io.tiercel.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Some entries of a listing, and the way to the next. Pages are pulled: the node reads ahead of nobody. Immutable and
 * threadsafe, but {@link #next()} may be called once, and close it when the listing is not read to its end.
 */
public interface ListPage extends AutoCloseable {
    /** In the order of the store; empty only when nothing follows. */
    List<ListEntry> entries();

    /** Whether nothing follows. */
    boolean isLast();

    /** What answers the listing: LOADED where this listing is being kept for others, STORE where it is not. */
    Served served();

    /**
     * Asks for the page after this one.
     *
     * @throws IllegalStateException when this one is the last.
     */
    CompletableFuture<ListPage> next();

    /** Ends the listing at the node; needless after the last page. A second call does nothing. */
    @Override
    void close();
}
