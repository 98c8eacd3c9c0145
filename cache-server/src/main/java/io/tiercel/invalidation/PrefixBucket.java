package io.tiercel.invalidation;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Part of a {@link PrefixTable}: an open-addressing table of numbers, each a tag of the hash above an epoch, so that one
 * load reads both. It doubles when it is three quarters full, up to a limit; behind that there are epochs which all
 * hashes of one place share. Single writer: the shard agent. Any thread may look.
 */
final class PrefixBucket {
    static final int EPOCH_BITS = 28;
    static final int TAG_BITS = Long.SIZE - EPOCH_BITS;
    static final long MAX_EPOCH = (1L << EPOCH_BITS) - 1;

    private static final int INITIAL_LENGTH = 16;

    private final int limit;
    // Whoever finds an array finds all that was in it when it was published.
    private volatile AtomicLongArray slots = new AtomicLongArray(INITIAL_LENGTH);
    private volatile @Nullable AtomicLongArray shared;
    private int count;

    /** @param limit a power of two: so many hashes are told apart on average, half as many again at most. */
    PrefixBucket(int limit) {
        this.limit = limit;
    }

    int count() {
        return count;
    }

    /** The highest epoch that covers a hash; 0 when there is none. */
    long latest(long hash) {
        long epoch = exact(hash);
        AtomicLongArray epochs = shared;
        return epochs == null ? epoch : Math.max(epoch, epochs.getAcquire(place(hash) & epochs.length() - 1));
    }

    /** The epoch of this very hash; 0 when there is none. */
    long exact(long hash) {
        AtomicLongArray entries = slots;
        int mask = entries.length() - 1;
        long tag = hash << EPOCH_BITS;
        for (int i = place(hash) & mask;; i = i + 1 & mask) {
            long entry = entries.getAcquire(i);
            if (entry == 0L) {
                return 0L;
            }
            if ((entry & ~MAX_EPOCH) == tag) {
                return entry & MAX_EPOCH;
            }
        }
    }

    /** Notes an epoch above 0 for a hash; false when it is not here and must not or cannot be added. */
    boolean tryRaise(long hash, long epoch, boolean mayAdd) {
        AtomicLongArray entries = slots;
        int i = slotOf(entries, hash);
        long entry = entries.getPlain(i);
        if (entry != 0L) {
            entries.setRelease(i, (entry & ~MAX_EPOCH) | Math.max(entry & MAX_EPOCH, epoch));
            return true;
        }
        if (!mayAdd) {
            return false;
        }
        if (4 * (count + 1) > 3 * entries.length()) {
            if (entries.length() >= 2 * limit && entries.length() > INITIAL_LENGTH) {
                return false;
            }
            entries = doubled();
            i = slotOf(entries, hash);
        }
        entries.setRelease(i, hash << EPOCH_BITS | epoch);
        count++;
        return true;
    }

    /** Where a hash is, or would be. */
    private static int slotOf(AtomicLongArray entries, long hash) {
        int mask = entries.length() - 1;
        long tag = hash << EPOCH_BITS;
        int i = place(hash) & mask;
        for (long entry = entries.getPlain(i); entry != 0L
                && (entry & ~MAX_EPOCH) != tag; entry = entries.getPlain(i)) {
            i = i + 1 & mask;
        }
        return i;
    }

    private AtomicLongArray doubled() {
        AtomicLongArray from = slots;
        AtomicLongArray to = new AtomicLongArray(2 * from.length());
        for (int i = 0; i < from.length(); i++) {
            long entry = from.getPlain(i);
            if (entry != 0L) {
                to.setPlain(slotOf(to, entry >>> EPOCH_BITS), entry);
            }
        }
        slots = to; // volatile: publishes the entries to whoever finds the array
        return to;
    }

    /** Notes an epoch above 0 for all hashes of a place. */
    void raiseShared(long hash, long epoch) {
        AtomicLongArray epochs = shared;
        if (epochs == null) {
            epochs = new AtomicLongArray(limit);
            shared = epochs;
        }
        int i = place(hash) & epochs.length() - 1;
        epochs.setRelease(i, Math.max(epochs.getPlain(i), epoch));
    }

    /** Of the bits that the tag has, so that an entry finds its place again. */
    private static int place(long hash) {
        return (int) hash;
    }

    long heapBytes() {
        AtomicLongArray epochs = shared;
        return (long) Long.BYTES * (slots.length() + (epochs == null ? 0 : epochs.length()));
    }
}
