package io.tiercel.storage;

/** How far a listing goes and in what portions. Immutable and threadsafe; each method gives a changed copy. */
public final class ListOptions {
    /** The entries of the folder itself, in pages of 1,000. */
    public static final ListOptions DIRECT = new ListOptions(0, 1000);
    /** Everything below the folder, in pages of 1,000. */
    public static final ListOptions RECURSIVE = DIRECT.depth(Integer.MAX_VALUE);

    private final int depth;
    private final int pageSize;

    private ListOptions(int depth, int pageSize) {
        this.depth = depth;
        this.pageSize = pageSize;
    }

    /**
     * Levels of folders between the listed one and an entry, inclusive: 0 shows the entries of the folder itself.
     *
     * @throws IllegalArgumentException when negative.
     */
    public ListOptions depth(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("depth=" + value + " is negative");
        }
        return new ListOptions(value, pageSize);
    }

    /**
     * Most entries of a page. A store with a lower limit of its own keeps to that.
     *
     * @throws IllegalArgumentException when less than 1.
     */
    public ListOptions pageSize(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("pageSize=" + value + " is less than 1");
        }
        return new ListOptions(depth, value);
    }

    public int depth() {
        return depth;
    }

    public int pageSize() {
        return pageSize;
    }
}
