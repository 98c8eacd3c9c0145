package io.tiercel.load;

/**
 * What of a mount is kept, and in what pieces. Immutable; bytes, all inclusive.
 *
 * @param maxObject largest payload that is kept.
 * @param maxListing largest frame of a listing that is kept.
 * @param pageThreshold largest object that is kept as one frame.
 * @param pageSize of a larger one, and of one that is read by ranges.
 */
public record Sizes(long maxObject, long maxListing, long pageThreshold, int pageSize) {
    private static final long MIB = 1L << 20;

    /** The usual ones beside a largest object. */
    public static Sizes of(long maxObject) {
        return new Sizes(maxObject, 16 * MIB, 64 * MIB, (int) (4 * MIB));
    }
}
