package io.tiercel.storage.s3;

import io.tiercel.storage.ObjectInfo;

/**
 * How long the parts of an upload are: 8 MiB as long as that does, so that memory is what a small object takes, and more where
 * 10,000 of them would not hold the object. Stateless.
 */
final class PartSizes {
    /** The least that stores take is 5 MiB. */
    static final int LEAST = 8 << 20;
    static final int MAX_PARTS = 10_000;
    /** The length of a source is unknown: that many parts are short, and then each is longer by a step. */
    private static final int SHORT_PARTS = 1000;
    private static final int STEP = 136 << 10;
    private static final long MIB = 1 << 20;
    /** A request takes some 80 KiB of heap, so that a source whose length is known is sent in few, up to that length each. */
    private static final int USUAL_PARTS = 32;
    private static final long USEFUL = 32 * MIB;

    private PartSizes() {}

    /**
     * The length of a part, the last one aside.
     *
     * @param length of the object, or {@link ObjectInfo#UNKNOWN_LENGTH}: then up to 5 TiB fit.
     * @param index of the part, from 0.
     */
    static int sizeOf(long length, int index) {
        if (length == ObjectInfo.UNKNOWN_LENGTH) {
            return LEAST + STEP * Math.clamp(index - SHORT_PARTS, 0, MAX_PARTS);
        }
        long useful = Math.min(length / USUAL_PARTS, USEFUL);
        long even = Math.ceilDiv(Math.max(useful, Math.ceilDiv(length, MAX_PARTS)), MIB) * MIB;
        return Math.clamp(even, LEAST, Integer.MAX_VALUE);
    }
}
