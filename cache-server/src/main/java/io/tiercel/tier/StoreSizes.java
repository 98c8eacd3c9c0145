package io.tiercel.tier;

import io.tiercel.mapped.ControlDescriptor;

/**
 * What follows from the mapped capacity. Stateless.
 *
 * <p>Segments are 64 MiB from 512 MiB up and an eighth of the capacity below, 2 MiB at the least capacity: reclaim
 * gives up a segment at a time, which should not be much of the whole. A frame above a quarter of a segment gets a file
 * of its own, or sealing would waste much; so a capacity may hold four times as many files as segments, and the slot
 * table has twice that. The index holds one entry for every 2 KiB.
 */
final class StoreSizes {
    /** Regular segments that a capacity has room for. */
    static final int SEGMENTS_AT_LEAST = 8;

    private static final long LARGEST_SEGMENT_LENGTH = 64L << 20;
    private static final int SEGMENT_GRAIN = 64 * 1024;
    private static final int SLOTS_AT_LEAST = 1024;
    private static final int BYTES_AN_ENTRY = 2048;
    private static final long ENTRIES_AT_LEAST = 8192;
    private static final long ENTRIES_AT_MOST = 1L << 25;

    private StoreSizes() {}

    /** Bytes of a regular segment file. */
    static int segmentLength(long mappedCapacity) {
        long eighth = mappedCapacity / SEGMENTS_AT_LEAST / SEGMENT_GRAIN * SEGMENT_GRAIN;
        return (int) Math.min(LARGEST_SEGMENT_LENGTH, eighth);
    }

    /** Entries of the slot table. */
    static int slots(long mappedCapacity) {
        long files = mappedCapacity / (segmentLength(mappedCapacity) / 4);
        return Math.clamp(2 * files, SLOTS_AT_LEAST, ControlDescriptor.MAX_SLOTS);
    }

    /** Keys that the index has room for. */
    static long indexCapacity(long mappedCapacity) {
        return Math.clamp(mappedCapacity / BYTES_AN_ENTRY, ENTRIES_AT_LEAST, ENTRIES_AT_MOST);
    }
}
