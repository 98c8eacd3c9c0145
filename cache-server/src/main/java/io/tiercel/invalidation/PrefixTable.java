package io.tiercel.invalidation;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of hashes, in buckets that are made as they are needed. A hash is told apart by the bits that choose its
 * bucket and by {@value PrefixBucket#TAG_BITS} more; an epoch is kept relative to the table's base, in
 * {@value PrefixBucket#EPOCH_BITS} bits. Single writer: the shard agent. Any thread may look.
 */
final class PrefixTable {
    private static final int MEAN_COUNT = 1024;
    private static final int MOST_BUCKETS = 1024;
    private static final int BUCKET_SHIFT = 54;
    private static final long EPOCHS_BELOW = 1L << (PrefixBucket.EPOCH_BITS - 1);

    private final AtomicReferenceArray<@Nullable PrefixBucket> buckets;
    private final int bucketLimit;
    private final long baseEpoch;
    private volatile long latestEpoch;
    private int count;
    private long overflowEpoch;

    /** @param epoch about which it is to hold others. */
    PrefixTable(int maxPrefixes, long epoch) {
        int bucketCount = Math.min(MOST_BUCKETS, powerOfTwo(maxPrefixes / MEAN_COUNT));
        this.buckets = new AtomicReferenceArray<>(bucketCount);
        this.bucketLimit = 2 * powerOfTwo(Math.max(1, (maxPrefixes - 1) / bucketCount));
        this.baseEpoch = Math.max(0L, epoch - EPOCHS_BELOW);
    }

    /** The number or the next lower power of two, at least 1. */
    private static int powerOfTwo(int number) {
        return Integer.highestOneBit(Math.max(1, number));
    }

    boolean isEmpty() {
        return latestEpoch == 0L;
    }

    /** Whether an epoch can be kept here. One below the base is taken for the next above it. */
    boolean isInRange(long epoch) {
        return epoch - baseEpoch <= PrefixBucket.MAX_EPOCH;
    }

    /** Whether a hash has an epoch above that one. */
    boolean covers(long hash, long epoch) {
        if (epoch >= latestEpoch) {
            return false;
        }
        PrefixBucket bucket = buckets.getAcquire(indexOf(hash));
        return bucket != null && bucket.latest(hash) > Math.max(0L, epoch - baseEpoch);
    }

    /** The epoch that is kept for this very hash; 0 when there is none. */
    long epochOf(long hash) {
        PrefixBucket bucket = buckets.getPlain(indexOf(hash));
        long relative = bucket == null ? 0L : bucket.exact(hash);
        return relative == 0L ? 0L : baseEpoch + relative;
    }

    /** @param hasRoom whether a hash that is not here may be told apart; else it shares the epoch of others. */
    void raise(long hash, long epoch, boolean hasRoom) {
        int index = indexOf(hash);
        PrefixBucket bucket = buckets.getPlain(index);
        if (bucket == null) {
            bucket = new PrefixBucket(bucketLimit);
            buckets.setRelease(index, bucket);
        }
        long relative = Math.max(1L, epoch - baseEpoch);
        int before = bucket.count();
        if (!bucket.tryRaise(hash, relative, hasRoom)) {
            bucket.raiseShared(hash, relative);
            overflowEpoch = Math.max(overflowEpoch, epoch);
        }
        count += bucket.count() - before;
        latestEpoch = Math.max(latestEpoch, Math.max(epoch, baseEpoch + relative));
    }

    private int indexOf(long hash) {
        return (int) (hash >>> BUCKET_SHIFT) & buckets.length() - 1;
    }

    /** Hashes that are told apart. */
    int count() {
        return count;
    }

    /** The highest epoch that is shared; 0 when all are told apart. */
    long overflowEpoch() {
        return overflowEpoch;
    }

    long heapBytes() {
        long bytes = (long) Integer.BYTES * buckets.length();
        for (int i = 0; i < buckets.length(); i++) {
            PrefixBucket bucket = buckets.getPlain(i);
            bytes += bucket == null ? 0L : bucket.heapBytes();
        }
        return bytes;
    }
}
