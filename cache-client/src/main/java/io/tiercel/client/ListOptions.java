package io.tiercel.client;

/** How far a listing goes, and what of it is shown. Immutable and threadsafe; each method gives a changed copy. */
public final class ListOptions {
    /** The entries of the folder itself. */
    public static final ListOptions DIRECT = new ListOptions(0, "");
    /** Everything below the folder. */
    public static final ListOptions RECURSIVE = new ListOptions(Integer.MAX_VALUE, "");

    private final int depth;
    private final String glob;

    private ListOptions(int depth, String glob) {
        this.depth = depth;
        this.glob = glob;
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
        return new ListOptions(value, glob);
    }

    /**
     * A pattern that the path below the folder, whole, must match; files alone are shown then. {@code *} stands for any
     * run of characters but {@code /}, {@code ?} for one, {@code [a-c]} for one of a set, {@code **}{@code /} for any
     * number of whole segments. The depth cuts before the pattern is looked at: begin with {@link #RECURSIVE} to have it
     * descend as far as it must.
     */
    public ListOptions glob(String value) {
        return new ListOptions(depth, value);
    }

    public int depth() {
        return depth;
    }

    /** The pattern, empty for none. */
    public String glob() {
        return glob;
    }
}
