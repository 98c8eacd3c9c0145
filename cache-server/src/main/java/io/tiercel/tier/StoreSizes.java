package io.tiercel.tier;

import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.segment.SegmentTable;

/**
 * What follows from the mapped capacity. Stateless.
 *
 * <p>There are 256 regular segments, of 256 KiB to 64 MiB, fewer or more at the ends: few enough to choose among at each
 * reclaim, many enough that those being filled, emptied and kept free are a small part of the whole. A frame above an eighth of a segment gets a
 * file of its own, or sealing would waste much; so a capacity may hold eight times as many files as segments, and the
 * slot table has twice that. The index holds one entry for every 2 KiB.
 */
final class StoreSizes {
    private static final int SEGMENTS = 256;
    private static final int FILES_A_SEGMENT = 8;
    private static final long SMALLEST_SEGMENT_LENGTH = 256L << 10;
    private static final long LARGEST_SEGMENT_LENGTH = 64L << 20;
    private static final int SEGMENT_GRAIN = 64 * 1024;
    private static final int SLOTS_AT_LEAST = 1024;
    private static final int BYTES_AN_ENTRY = 2048;
    private static final long ENTRIES_AT_LEAST = 8192;
    private static final long ENTRIES_AT_MOST = 1L << 25;
    /** Segments that are being filled, emptied or kept free. */
    private static final int WORKING_SEGMENTS = 4;
    /** The part of the capacity that is left to frames on their way out: with none, reclaim would copy without end. */
    private static final int UNKEPT_PART = 16;
    /** The part of a file that may lie idle behind a large frame that was given another's. */
    private static final int IDLE_PART = 16;

    private StoreSizes() {}

    /** Bytes of a regular segment file. */
    static int segmentLength(long mappedCapacity) {
        long share = mappedCapacity / SEGMENTS / SEGMENT_GRAIN * SEGMENT_GRAIN;
        return (int) Math.clamp(share, SMALLEST_SEGMENT_LENGTH, LARGEST_SEGMENT_LENGTH);
    }

    /** Whether a frame gets a file of its own. */
    static boolean isLarge(long frameLength, int segmentLength) {
        return frameLength > segmentLength / FILES_A_SEGMENT;
    }

    /** Whether a large frame may have a file that was made for another: it fits, and little is left over. */
    static boolean suits(long fileLength, long frameLength) {
        long needed = SegmentTable.largeSegmentLength(frameLength);
        return needed <= fileLength && fileLength <= needed + needed / IDLE_PART;
    }

    /** Entries of the slot table. */
    static int slots(long mappedCapacity) {
        long files = mappedCapacity / (segmentLength(mappedCapacity) / FILES_A_SEGMENT);
        return Math.clamp(2 * files, SLOTS_AT_LEAST, ControlDescriptor.MAX_SLOTS);
    }

    /** Bytes of frames that the policy may keep in a capacity. */
    static long keptCapacity(long mappedCapacity, int segmentLength) {
        return mappedCapacity - mappedCapacity / UNKEPT_PART - (long) WORKING_SEGMENTS * segmentLength;
    }

    /** Keys that the index has room for. */
    static long indexCapacity(long mappedCapacity) {
        return Math.clamp(mappedCapacity / BYTES_AN_ENTRY, ENTRIES_AT_LEAST, ENTRIES_AT_MOST);
    }
}
