package io.tiercel.eviction;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Rows of one length outside the heap, found by a 40-bit tag; a row is a number from 1, 0 is none. Not threadsafe;
 * single writer: the shard agent.
 *
 * <pre>
 *  0 tag, its low part           4
 *  4 chain of the bucket         4
 *  8 weight, unsigned            4
 * 12 tag, its high part          1
 * 13 fields of who uses the table
 * </pre>
 *
 * <p>Idea: rows lie in chunks that are allocated as they are needed, so that growing copies nothing; freed rows are
 * chained and used again. They are found by linear hashing, which splits one bucket for each row beyond the count of
 * buckets: no growth ever moves more than a bucket. Chains run through the rows.
 *
 * <p>Cost: O(1) for each call; the bytes of a row and 4 to 8 for its bucket; on the heap a few bytes for each chunk of
 * 4,096 rows.
 *
 * <p>Invariants: each row that is in use is in the chain of its bucket. A tag is a key's hash mixed with a secret, so that
 * keys of one chain, or of one tag, cannot be made up from outside.
 *
 * <p>What we changed: buckets never merge again; the count of rows is bounded by who uses the table.
 *
 * <p>Sources: 1. W. Litwin, "Linear Hashing: A New Tool for File and Table Addressing", VLDB 1980, section 2.
 */
final class EntryTable implements AutoCloseable {
    /** No row. */
    static final int NONE = 0;
    /** First free byte of a row. */
    static final int FIELDS_OFFSET = 13;
    /** The heaviest that a row can be. */
    static final long MOST_WEIGHT = 0xFFFF_FFFFL;

    private static final int TAG_OFFSET = 0;
    private static final int CHAIN_OFFSET = 4;
    private static final int WEIGHT_OFFSET = 8;
    private static final int TAG_HIGH_OFFSET = 12;
    private static final int TAG_BITS = 40;
    private static final int ROWS_SHIFT = 12;
    private static final int ROWS_MASK = (1 << ROWS_SHIFT) - 1;
    private static final int BUCKETS_SHIFT = 14;
    private static final int BUCKETS_MASK = (1 << BUCKETS_SHIFT) - 1;
    private static final int LEAST_BUCKETS = 1024;

    private final int rowLength;
    private UnsafeBuffer[] rows = new UnsafeBuffer[4];
    private UnsafeBuffer[] buckets = new UnsafeBuffer[4];
    private int rowsEnd = 1;
    private int freeRow = NONE;
    private long allocatedBytes;
    private int rowCount;
    private int bucketCount = LEAST_BUCKETS;
    private int roundBuckets = LEAST_BUCKETS;

    EntryTable(int rowLength) {
        this.rowLength = rowLength;
        rows[0] = allocate(rowLength << ROWS_SHIFT);
        buckets[0] = allocate(Integer.BYTES << BUCKETS_SHIFT);
    }

    /** The tag of a hash. */
    static long tagOf(long hash, long secret) {
        return Mixer.mix(hash ^ secret) >>> (Long.SIZE - TAG_BITS);
    }

    /** The row of a tag, or {@link #NONE}. */
    int find(long tag) {
        int row = head(bucketOf((int) tag));
        while (row != NONE && !isOf(row, tag)) {
            row = intAt(row, CHAIN_OFFSET);
        }
        return row;
    }

    private boolean isOf(int row, long tag) {
        return intAt(row, TAG_OFFSET) == (int) tag && byteAt(row, TAG_HIGH_OFFSET) == (int) (tag >>> Integer.SIZE);
    }

    /** Adds a row for a tag that has none; its fields are zero. */
    int add(long tag, long weight) {
        int row = freeRow;
        if (row != NONE) {
            freeRow = intAt(row, CHAIN_OFFSET);
        } else {
            row = newRow();
        }
        chunkOf(row).setMemory(offsetOf(row), rowLength, (byte) 0);
        intAt(row, TAG_OFFSET, (int) tag);
        byteAt(row, TAG_HIGH_OFFSET, (int) (tag >>> Integer.SIZE));
        weight(row, weight);
        if (++rowCount > bucketCount) {
            split();
        }
        link(row, bucketOf((int) tag));
        return row;
    }

    /** Gives a row back. */
    void remove(int row) {
        int bucket = bucketOf(intAt(row, TAG_OFFSET));
        int next = intAt(row, CHAIN_OFFSET);
        int at = head(bucket);
        if (at == row) {
            head(bucket, next);
        } else {
            while (intAt(at, CHAIN_OFFSET) != row) {
                at = intAt(at, CHAIN_OFFSET);
            }
            intAt(at, CHAIN_OFFSET, next);
        }
        intAt(row, CHAIN_OFFSET, freeRow);
        freeRow = row;
        rowCount--;
    }

    /** Rows in the bucket of a tag. */
    int chainLength(long tag) {
        int count = 0;
        for (int row = head(bucketOf((int) tag)); row != NONE; row = intAt(row, CHAIN_OFFSET)) {
            count++;
        }
        return count;
    }

    /** Bytes outside the heap. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** Rows in use. */
    int rowCount() {
        return rowCount;
    }

    /** No row that was ever in use is that high. */
    int rowsEnd() {
        return rowsEnd;
    }

    long tag(int row) {
        return ((long) byteAt(row, TAG_HIGH_OFFSET) << Integer.SIZE) | Integer.toUnsignedLong(intAt(row, TAG_OFFSET));
    }

    long weight(int row) {
        return intAt(row, WEIGHT_OFFSET) & MOST_WEIGHT;
    }

    void weight(int row, long weight) {
        intAt(row, WEIGHT_OFFSET, (int) weight);
    }

    int intAt(int row, int field) {
        return chunkOf(row).getInt(offsetOf(row) + field);
    }

    void intAt(int row, int field, int value) {
        chunkOf(row).putInt(offsetOf(row) + field, value);
    }

    long longAt(int row, int field) {
        return chunkOf(row).getLong(offsetOf(row) + field);
    }

    void longAt(int row, int field, long value) {
        chunkOf(row).putLong(offsetOf(row) + field, value);
    }

    int shortAt(int row, int field) {
        return chunkOf(row).getShort(offsetOf(row) + field) & 0xFFFF;
    }

    void shortAt(int row, int field, int value) {
        chunkOf(row).putShort(offsetOf(row) + field, (short) value);
    }

    int byteAt(int row, int field) {
        return chunkOf(row).getByte(offsetOf(row) + field) & 0xFF;
    }

    void byteAt(int row, int field, int value) {
        chunkOf(row).putByte(offsetOf(row) + field, (byte) value);
    }

    @Override
    public void close() {
        free(rows);
        free(buckets);
    }

    private int newRow() {
        int row = rowsEnd++;
        int chunk = row >>> ROWS_SHIFT;
        if (chunk == rows.length) {
            rows = Arrays.copyOf(rows, 2 * chunk);
        }
        if (rows[chunk] == null) {
            rows[chunk] = allocate(rowLength << ROWS_SHIFT);
        }
        return row;
    }

    /** Adds a bucket, and moves what belongs there from the one bucket that it splits. */
    private void split() {
        int from = bucketCount - roundBuckets;
        int chunk = bucketCount >>> BUCKETS_SHIFT;
        if (chunk == buckets.length) {
            buckets = Arrays.copyOf(buckets, 2 * chunk);
        }
        if (buckets[chunk] == null) {
            buckets[chunk] = allocate(Integer.BYTES << BUCKETS_SHIFT);
        }
        int row = head(from);
        head(from, NONE);
        bucketCount++;
        if (bucketCount == 2 * roundBuckets) {
            roundBuckets = bucketCount;
        }
        while (row != NONE) {
            int next = intAt(row, CHAIN_OFFSET);
            link(row, bucketOf(intAt(row, TAG_OFFSET)));
            row = next;
        }
    }

    private void link(int row, int bucket) {
        intAt(row, CHAIN_OFFSET, head(bucket));
        head(bucket, row);
    }

    private int bucketOf(int tag) {
        int bucket = tag & (2 * roundBuckets - 1);
        return bucket < bucketCount ? bucket : bucket & (roundBuckets - 1);
    }

    private int head(int bucket) {
        return buckets[bucket >>> BUCKETS_SHIFT].getInt((bucket & BUCKETS_MASK) << 2);
    }

    private void head(int bucket, int row) {
        buckets[bucket >>> BUCKETS_SHIFT].putInt((bucket & BUCKETS_MASK) << 2, row);
    }

    private UnsafeBuffer chunkOf(int row) {
        return rows[row >>> ROWS_SHIFT];
    }

    private int offsetOf(int row) {
        return (row & ROWS_MASK) * rowLength;
    }

    private UnsafeBuffer allocate(int length) {
        allocatedBytes += length;
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder()));
    }

    private static void free(UnsafeBuffer[] chunks) {
        for (UnsafeBuffer chunk : chunks) {
            if (chunk != null) {
                BufferUtil.free(chunk);
            }
        }
        Arrays.fill(chunks, null);
    }
}
