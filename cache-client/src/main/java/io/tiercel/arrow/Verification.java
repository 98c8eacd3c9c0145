package io.tiercel.arrow;

/** How much of a record batch is proved before the caller sees it. */
public enum Verification {
    /**
     * Everything that can be told without walking the data: lengths, counts, first and last offsets, and that every
     * buffer lies inside its message and is long enough for its rows. Takes time by the number of columns, not of rows,
     * but for dense unions and list views, whose loading walks their type ids and views in any case.
     *
     * <p>Reading values of hostile bytes can then still end in any unchecked exception of Arrow, or ask for a value of
     * up to 2 GiB, but not leave the frame, as long as Arrow's own bounds checks are on, which is its default.
     */
    STRUCTURE,

    /**
     * As well every offset, dictionary index, type id, view and run end. Takes time by the number of rows. Reading any
     * value then stays inside the frame even with {@code arrow.enable_unsafe_memory_access=true}. Text is not checked
     * to be UTF-8, nor numbers to be dates.
     */
    VALUES
}
