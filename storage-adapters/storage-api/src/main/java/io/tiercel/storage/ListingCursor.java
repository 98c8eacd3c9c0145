package io.tiercel.storage;

import java.util.List;

/**
 * A listing being drawn, page by page: nothing is asked of the store before a page is, and at most two pages are held.
 * Live: an entry that is there from the first page to the last is shown exactly once; one that comes or goes meanwhile,
 * once or not at all. The order is the adapter's own. Not threadsafe: one thread at a time, any thread.
 */
public interface ListingCursor extends AutoCloseable {
    /**
     * The next entries, between 1 and the page size of the options; empty at the end, and from then on. May block.
     *
     * @throws StorageException INVALID_PATH when the folder is a file; any other failure as it comes. A cursor that has
     *     failed keeps failing: a cut listing never looks like a whole one.
     * @throws IllegalStateException after close.
     */
    List<ObjectInfo> nextPage();

    /** Stops asking the store. Idempotent; never fails. */
    @Override
    void close();
}
