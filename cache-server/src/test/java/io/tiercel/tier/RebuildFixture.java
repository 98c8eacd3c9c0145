package io.tiercel.tier;

import java.util.function.IntSupplier;

/** Sets the pace of a rebuild, for tests of what happens meanwhile. */
public final class RebuildFixture {
    private RebuildFixture() {}

    /** A context whose store applies so many found frames a turn; with 0 a rebuild does not end. */
    public static StoreContext paced(StoreContext context, IntSupplier frames) {
        return context.rebuildSlice(frames);
    }
}
