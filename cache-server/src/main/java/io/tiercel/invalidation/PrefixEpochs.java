package io.tiercel.invalidation;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The invalidated prefixes and the epoch of each.
 *
 * <p>Idea: a frame is dead when a prefix of its key was invalidated at an epoch above the one at which its load began.
 * The prefixes of a key are its own first segments, so a check walks the key once with a rolling hash and looks into
 * an open-addressing table at every slash: O(length of the key), whatever the number of prefixes; no lock, no
 * allocation. Most checks end before: a frame no older than the latest invalidation is alive.
 *
 * <p>Invariants: an entry never leaves the table that a reader holds, its epoch only rises; a table is replaced whole,
 * after {@link #floor()} was raised over what the new one lacks. The size is bounded: when full, the deepest prefixes
 * give way to their parents, which covers more and never less, since a miss is always allowed.
 *
 * <p>Single writer: the shard agent. Any thread may check.
 */
public final class PrefixEpochs {
    /** Told of every remembered prefix. */
    public interface Visitor {
        void onPrefix(byte[] prefix, long epoch);
    }

    private static final class Entry {
        private final byte[] prefix;
        private final long hash;
        private volatile long epoch;

        private Entry(byte[] prefix, long hash, long epoch) {
            this.prefix = prefix;
            this.hash = hash;
            this.epoch = epoch;
        }
    }

    private static final int INITIAL_LENGTH = 64;

    private final int maxPrefixes;
    private final long hashBasis = ThreadLocalRandom.current().nextLong();
    private final long hashFactor = ThreadLocalRandom.current().nextLong() | 1L;

    private volatile AtomicReferenceArray<@Nullable Entry> table = new AtomicReferenceArray<>(INITIAL_LENGTH);
    private volatile long floor;
    private volatile long latestEpoch;
    private int count;

    public PrefixEpochs(int maxPrefixes) {
        this.maxPrefixes = maxPrefixes;
    }

    /** Whether a frame of that key, whose load began at that epoch, is dead. */
    public boolean isStale(DirectBuffer key, int offset, int length, long epoch) {
        if (epoch >= latestEpoch) {
            return false;
        }
        // The table before the floor: one that lacks an entry was published after the floor that stands for it.
        AtomicReferenceArray<@Nullable Entry> entries = table;
        return epoch < floor || isCovered(entries, key, offset, length, epoch);
    }

    private boolean isCovered(AtomicReferenceArray<@Nullable Entry> entries, DirectBuffer key, int offset, int length,
            long epoch) {
        long hash = hashBasis;
        for (int i = 0; i < length; i++) {
            byte b = key.getByte(offset + i);
            if (b == '/' && epochOf(entries, hash, key, offset, i) > epoch) {
                return true;
            }
            hash = roll(hash, b);
        }
        return epochOf(entries, hash, key, offset, length) > epoch;
    }

    private static long epochOf(AtomicReferenceArray<@Nullable Entry> entries, long hash, DirectBuffer key, int offset,
            int length) {
        int mask = entries.length() - 1;
        for (int i = index(hash, mask);; i = i + 1 & mask) {
            Entry entry = entries.getAcquire(i);
            if (entry == null) {
                return Long.MIN_VALUE;
            }
            if (entry.hash == hash && isEqual(entry.prefix, key, offset, length)) {
                return entry.epoch;
            }
        }
    }

    private static boolean isEqual(byte[] prefix, DirectBuffer key, int offset, int length) {
        if (prefix.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (prefix[i] != key.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private long roll(long hash, byte b) {
        long mixed = (hash ^ b) * hashFactor;
        return mixed ^ mixed >>> 32;
    }

    private static int index(long hash, int mask) {
        return (int) (hash ^ hash >>> 29) & mask;
    }

    private long hashOf(byte[] prefix) {
        long hash = hashBasis;
        for (byte b : prefix) {
            hash = roll(hash, b);
        }
        return hash;
    }

    /** Everything at and under a prefix whose load began before that epoch is dead from now on. */
    public void invalidate(byte[] prefix, long epoch) {
        long hash = hashOf(prefix);
        if (!tryRaise(prefix, hash, epoch)) {
            if (count >= maxPrefixes) {
                coalesce();
            }
            if (2 * (count + 1) > table.length()) {
                publish(copy(2 * table.length(), 0L));
            }
            // Release publishes the entry's fields to whoever finds it.
            table.setRelease(emptySlot(table, hash), new Entry(prefix, hash, epoch));
            count++;
        }
        latestEpoch = Math.max(latestEpoch, epoch);
    }

    /** Every frame whose load began before that epoch is dead from now on. */
    public void invalidateAll(long epoch) {
        floor = Math.max(floor, epoch);
        latestEpoch = Math.max(latestEpoch, epoch);
        retireThrough(epoch);
    }

    /** Forgets the prefixes up to an epoch, of which the caller knows that no frame older than it is left to match. */
    public void retireThrough(long epoch) {
        AtomicReferenceArray<@Nullable Entry> left = copy(INITIAL_LENGTH, epoch);
        publish(left);
    }

    private boolean tryRaise(byte[] prefix, long hash, long epoch) {
        AtomicReferenceArray<@Nullable Entry> entries = table;
        int mask = entries.length() - 1;
        Entry entry;
        for (int i = index(hash, mask); (entry = entries.getPlain(i)) != null; i = i + 1 & mask) {
            if (entry.hash == hash && Arrays.equals(entry.prefix, prefix)) {
                entry.epoch = Math.max(entry.epoch, epoch);
                return true;
            }
        }
        return false;
    }

    private static int emptySlot(AtomicReferenceArray<@Nullable Entry> entries, long hash) {
        int mask = entries.length() - 1;
        int i = index(hash, mask);
        while (entries.getPlain(i) != null) {
            i = i + 1 & mask;
        }
        return i;
    }

    /** A table of at least that length, at most half full, of the entries above an epoch. */
    private AtomicReferenceArray<@Nullable Entry> copy(int leastLength, long aboveEpoch) {
        AtomicReferenceArray<@Nullable Entry> from = table;
        int kept = 0;
        for (int i = 0; i < from.length(); i++) {
            Entry entry = from.getPlain(i);
            kept += entry != null && entry.epoch > aboveEpoch ? 1 : 0;
        }
        int length = leastLength;
        while (length < 2 * (kept + 1)) {
            length *= 2;
        }
        AtomicReferenceArray<@Nullable Entry> to = new AtomicReferenceArray<>(length);
        for (int i = 0; i < from.length(); i++) {
            Entry entry = from.getPlain(i);
            if (entry != null && entry.epoch > aboveEpoch) {
                to.setPlain(emptySlot(to, entry.hash), entry);
            }
        }
        count = kept;
        return to;
    }

    private void publish(AtomicReferenceArray<@Nullable Entry> entries) {
        table = entries; // volatile: after the floor and the entries
    }

    /** Gives the deepest prefixes up for their parents, until a quarter of the table is free. */
    private void coalesce() {
        AtomicReferenceArray<@Nullable Entry> from = table;
        PrefixCoalescer coalescer = new PrefixCoalescer();
        for (int i = 0; i < from.length(); i++) {
            Entry entry = from.getPlain(i);
            if (entry != null) {
                coalescer.add(entry.prefix, entry.epoch);
            }
        }
        coalescer.reduceTo(maxPrefixes - Math.max(1, maxPrefixes / 4));
        floor = Math.max(floor, coalescer.rootEpoch());
        int length = INITIAL_LENGTH;
        while (length < 2 * (coalescer.count() + 1)) {
            length *= 2;
        }
        AtomicReferenceArray<@Nullable Entry> to = new AtomicReferenceArray<>(length);
        coalescer.forEach((prefix, epoch) -> {
            long hash = hashOf(prefix);
            to.setPlain(emptySlot(to, hash), new Entry(prefix, hash, epoch));
        });
        count = coalescer.count();
        publish(to);
    }

    /** Prefixes that are remembered. Shard agent. */
    public int count() {
        return count;
    }

    /** Every frame older than this is dead, whatever its key. */
    public long floor() {
        return floor;
    }

    /** Shard agent. */
    public void forEach(Visitor visitor) {
        AtomicReferenceArray<@Nullable Entry> entries = table;
        for (int i = 0; i < entries.length(); i++) {
            Entry entry = entries.getPlain(i);
            if (entry != null) {
                visitor.onPrefix(entry.prefix, entry.epoch);
            }
        }
    }
}
