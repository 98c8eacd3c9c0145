package io.tiercel.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A listing that is read as it is pulled: one page is held, and the next is asked for when it is used up. Not
 * threadsafe. Close it when it is not read to its end.
 *
 * <p>{@link #hasNext()} throws {@link io.tiercel.TiercelException} when a page cannot be had; what came before stands.
 */
public final class Listing implements Iterator<ListEntry>, AutoCloseable {
    private final Function<ListPage, ListPage> following;
    private ListPage page;
    private @Nullable Iterator<ListEntry> entries;

    Listing(ListPage first, Function<ListPage, ListPage> following) {
        this.page = first;
        this.entries = first.entries().iterator();
        this.following = following;
    }

    @Override
    public boolean hasNext() {
        while (entries != null && !entries.hasNext()) {
            if (page.isLast()) {
                entries = null;
            } else {
                page = following.apply(page);
                entries = page.entries().iterator();
            }
        }
        return entries != null;
    }

    @Override
    public ListEntry next() {
        if (!hasNext() || entries == null) {
            throw new NoSuchElementException("the listing has ended");
        }
        return entries.next();
    }

    /** What answers it: HEAP or MAPPED from the cache, else its store. */
    public Served served() {
        return page.served();
    }

    /** Ends the listing at the node. A second call does nothing. */
    @Override
    public void close() {
        entries = null;
        page.close();
    }
}
