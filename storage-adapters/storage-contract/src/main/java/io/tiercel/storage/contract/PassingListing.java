package io.tiercel.storage.contract;

import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import java.util.List;

/** A listing that passes every call on to another one; see {@link PassingStore}. Not threadsafe. */
public abstract class PassingListing implements ListingCursor {
    private final ListingCursor cursor;

    protected PassingListing(ListingCursor cursor) {
        this.cursor = cursor;
    }

    @Override
    public List<ObjectInfo> nextPage() {
        return cursor.nextPage();
    }

    @Override
    public void close() {
        cursor.close();
    }
}
