package io.tiercel.invalidation;

import java.security.SecureRandom;
import org.agrona.DirectBuffer;

/**
 * The invalidated prefixes and the epoch of each.
 *
 * <p>Idea: a frame is dead when a prefix of its key was invalidated at an epoch above the one at which its load began.
 * The prefixes of a key are its own first segments, so a check walks the key once with a rolling hash and looks a hash
 * up at every slash. Tables hold hashes and epochs and no bytes: two prefixes of one hash share the higher epoch, which
 * covers more and never less, since a miss is always allowed. There are two tables: what was invalidated since the last
 * {@link #seal()}, and what was before. Forgetting is to drop the older one whole. Changes of stores under mounts, which
 * spare what lies in other mounts, are beside them, exact and few.
 *
 * <p>Cost: a check is O(length of the key), whatever the number of prefixes, without lock and allocation; most end before,
 * since a frame no older than the latest invalidation is alive. An invalidation is O(1): nothing is ever gone through but
 * one bucket of a table. 16 bytes for each prefix of the bound and table at the most, and 8 beyond the bound.
 *
 * <p>Invariants: what a reader finds in a table never leaves it, and its epoch only rises; tables are replaced together,
 * and after {@link #floor()} was raised over what the new ones lack.
 *
 * <p>Single writer: the shard agent. Any thread may check.
 */
public final class PrefixEpochs {
    /** Ends a key that is meant alone, without what lies under it: a byte that UTF-8 does not have. */
    private static final byte KEY_END = (byte) 0xFF;
    private static final SecureRandom SECRETS = new SecureRandom();

    /** All that is remembered, as of one moment. */
    private record Tables(PrefixTable young, PrefixTable old, StoreChanges changes) {
        Tables with(StoreChanges next) {
            return new Tables(young, old, next);
        }
    }

    private final int maxPrefixes;
    private final long hashBasis = SECRETS.nextLong();
    private final long hashFactor = SECRETS.nextLong() | 1L;

    private volatile Tables tables;
    private volatile long floor;
    private volatile long latestEpoch;
    private long sealedEpoch;
    private long retiredEpoch;

    /** @param maxPrefixes that are told apart; of those beyond it each makes some other keys dead as well. */
    public PrefixEpochs(int maxPrefixes) {
        this.maxPrefixes = maxPrefixes;
        this.tables = new Tables(emptyTable(0L), emptyTable(0L), StoreChanges.NONE);
    }

    private PrefixTable emptyTable(long epoch) {
        return new PrefixTable(maxPrefixes, epoch);
    }

    /** Whether a frame of that key, whose load began at that epoch, is dead. */
    public boolean isStale(DirectBuffer key, int offset, int length, long epoch) {
        if (epoch >= latestEpoch) {
            return false;
        }
        // The tables before the floor: those that lack an entry were published after the floor that stands for it.
        Tables now = tables;
        return epoch < floor || isCovered(now, key, offset, length, epoch)
                || now.changes.isStale(key, offset, length, epoch);
    }

    private boolean isCovered(Tables now, DirectBuffer key, int offset, int length, long epoch) {
        long hash = hashBasis;
        for (int i = 0; i < length; i++) {
            byte b = key.getByte(offset + i);
            if (b == '/' && isCovered(now, hash, epoch)) {
                return true;
            }
            hash = roll(hash, b);
        }
        return isCovered(now, hash, epoch) || isCovered(now, roll(hash, KEY_END), epoch);
    }

    private static boolean isCovered(Tables now, long rolled, long epoch) {
        long hash = finish(rolled);
        return now.young.covers(hash, epoch) || now.old.covers(hash, epoch);
    }

    private long roll(long hash, byte b) {
        long mixed = (hash ^ b) * hashFactor;
        return mixed ^ mixed >>> 32;
    }

    private static long finish(long rolled) {
        long mixed = rolled * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }

    private long rolled(DirectBuffer prefix, int offset, int length) {
        long hash = hashBasis;
        for (int i = 0; i < length; i++) {
            hash = roll(hash, prefix.getByte(offset + i));
        }
        return hash;
    }

    /** Everything at and under a prefix whose load began before that epoch is dead from now on. */
    public void invalidate(DirectBuffer prefix, int offset, int length, long epoch) {
        raise(finish(rolled(prefix, offset, length)), epoch);
    }

    /** A key whose load began before that epoch is dead from now on, whatever lies under it. */
    public void invalidateKey(DirectBuffer key, int offset, int length, long epoch) {
        raise(finish(roll(rolled(key, offset, length), KEY_END)), epoch);
    }

    private void raise(long hash, long epoch) {
        if (!tables.young.isInRange(epoch) && tables.young.isEmpty()) {
            tables = new Tables(emptyTable(epoch), tables.old, tables.changes);
        }
        PrefixTable young = tables.young;
        if (!young.isInRange(epoch)) {
            invalidateAll(epoch); // after a number of epochs that no node counts to: a miss is always allowed
            return;
        }
        boolean hasRoom = young.count() + tables.old.count() < maxPrefixes;
        young.raise(hash, epoch, hasRoom);
        latestEpoch = Math.max(latestEpoch, epoch);
    }

    /**
     * Another store answers at and under a prefix from that epoch on: what began to load before it is dead, but for what
     * lies in mounts that are spared at that epoch or later.
     */
    public void replaceStore(DirectBuffer prefix, int offset, int length, long epoch) {
        StoreChanges next = tables.changes.withReplaced(prefix, offset, length, epoch);
        if (next.count() > StoreChanges.MOST_PREFIXES) {
            invalidateAll(epoch);
            return;
        }
        latestEpoch = Math.max(latestEpoch, epoch);
        tables = tables.with(next);
    }

    /** The mount at a prefix keeps its store, whatever {@link #replaceStore} says of those above it up to that epoch. */
    public void spareMount(DirectBuffer prefix, int offset, int length, long epoch) {
        StoreChanges next = tables.changes.withSpared(prefix, offset, length, epoch);
        if (next.count() <= StoreChanges.MOST_PREFIXES) {
            tables = tables.with(next);
        }
    }

    /** Every frame whose load began before that epoch is dead from now on. */
    public void invalidateAll(long epoch) {
        floor = Math.max(floor, epoch);
        if (epoch >= latestEpoch) {
            latestEpoch = epoch;
            tables = new Tables(emptyTable(epoch), emptyTable(epoch), StoreChanges.NONE);
        }
    }

    /**
     * Sets what is remembered now apart, to be forgotten by {@link #retireSealed()}; unless something is set apart still,
     * which is kept then.
     *
     * @return the epoch up to which it is set apart.
     */
    public long seal() {
        Tables now = tables;
        if (now.old.isEmpty()) {
            sealedEpoch = latestEpoch;
            tables = new Tables(emptyTable(sealedEpoch), now.young, now.changes);
        }
        return sealedEpoch;
    }

    /** Forgets what was set apart. The caller knows that no frame older than its epoch is left to match. */
    public void retireSealed() {
        retiredEpoch = sealedEpoch;
        tables = new Tables(tables.young, emptyTable(sealedEpoch), tables.changes.since(sealedEpoch));
    }

    /** Prefixes that are told apart, those invalidated before and after a seal twice. Shard agent. */
    public int count() {
        return tables.young.count() + tables.old.count() + tables.changes.count();
    }

    /** Every frame older than this is dead, whatever its key. */
    public long floor() {
        return floor;
    }

    /** The floor of whoever knows nothing but what {@link #isRemembered} tells. Shard agent. */
    public long journalFloor() {
        return Math.max(floor, Math.max(tables.young.overflowEpoch(), tables.old.overflowEpoch()));
    }

    /** The highest epoch of all. */
    public long latestEpoch() {
        return latestEpoch;
    }

    /** Whether it takes an invalidation to know that frames are dead, which no later one and no floor tells. */
    boolean isRemembered(DirectBuffer prefix, int offset, int length, boolean isKey, long epoch) {
        if (epoch <= retiredEpoch || epoch <= journalFloor()) {
            return false;
        }
        long rolled = rolled(prefix, offset, length);
        long hash = finish(isKey ? roll(rolled, KEY_END) : rolled);
        return Math.max(tables.young.epochOf(hash), tables.old.epochOf(hash)) <= epoch;
    }

    /** Whether it takes a change of stores, or a mount spared by it, to know which frames are dead. */
    boolean isChangeRemembered(DirectBuffer prefix, int offset, int length, boolean isSpared, long epoch) {
        return epoch > retiredEpoch && epoch > journalFloor()
                && tables.changes.epochOf(prefix, offset, length, isSpared) == epoch;
    }

    /** Bytes of the tables. Shard agent. */
    long heapBytes() {
        return tables.young.heapBytes() + tables.old.heapBytes();
    }
}
