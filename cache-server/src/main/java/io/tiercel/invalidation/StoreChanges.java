package io.tiercel.invalidation;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The prefixes at which another store answers from an epoch on, and those of mounts below them that kept theirs.
 *
 * <p>Idea: a frame dies of a change at a prefix of its key, unless a mount between the two was spared at that epoch or
 * later. One spared need not be told from which changes: whatever was loaded under its prefix before it was a mount died
 * of the change that made it one, and everything later is its own. Prefixes are compared byte by byte and never by a
 * hash alone: one taken for another would spare what must die.
 *
 * <p>Immutable: any thread may ask.
 */
final class StoreChanges {
    /** Changes are rare and few: beyond it everything is dropped, which a miss always may be. */
    static final int MOST_PREFIXES = 4096;
    static final StoreChanges NONE = new StoreChanges(List.of());

    /** What happened at a prefix, the latest of each kind; 0 for never. */
    private static final class Change {
        private final byte[] prefix;
        private final int hash;
        private final long replacedEpoch;
        private final long sparedEpoch;

        Change(byte[] prefix, int hash, long replacedEpoch, long sparedEpoch) {
            this.prefix = prefix;
            this.hash = hash;
            this.replacedEpoch = replacedEpoch;
            this.sparedEpoch = sparedEpoch;
        }

        Change and(long replaced, long spared) {
            return new Change(prefix, hash, Math.max(replacedEpoch, replaced), Math.max(sparedEpoch, spared));
        }

        long latestEpoch() {
            return Math.max(replacedEpoch, sparedEpoch);
        }

        boolean isAt(DirectBuffer key, int offset, int length) {
            if (prefix.length != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (key.getByte(offset + i) != prefix[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Change> changes;
    /** Open addressing, at most half full. */
    private final @Nullable Change[] slots;
    private final long latestEpoch;

    private StoreChanges(List<Change> changes) {
        this.changes = changes;
        this.slots = new Change[2 * Integer.highestOneBit(Math.max(1, 2 * changes.size() - 1))];
        long latest = 0L;
        for (Change change : changes) {
            slots[slotOf(change)] = change;
            latest = Math.max(latest, change.replacedEpoch);
        }
        this.latestEpoch = latest;
    }

    private int slotOf(Change change) {
        int i = slotOf(change.hash);
        while (slots[i] != null) {
            i = next(i);
        }
        return i;
    }

    private int slotOf(int hash) {
        return (hash ^ hash >>> 16) & slots.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & slots.length - 1;
    }

    private static int roll(int hash, byte b) {
        return (hash ^ b) * 0x0100_0193;
    }

    private static int hashOf(DirectBuffer prefix, int offset, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = roll(hash, prefix.getByte(offset + i));
        }
        return hash;
    }

    /** Whether a frame of that key, whose load began at that epoch, was of a store that answers there no more. */
    boolean isStale(DirectBuffer key, int offset, int length, long epoch) {
        if (epoch >= latestEpoch) {
            return false;
        }
        int hash = 0;
        long dead = deadBelow(0L, hash, key, offset, 0);
        for (int i = 0; i < length; i++) {
            byte b = key.getByte(offset + i);
            if (b == '/') {
                dead = deadBelow(dead, hash, key, offset, i);
            }
            hash = roll(hash, b);
        }
        return epoch < deadBelow(dead, hash, key, offset, length);
    }

    /** Below which epoch frames at a prefix are dead, by what holds for the prefix above it. */
    private long deadBelow(long above, int hash, DirectBuffer key, int offset, int length) {
        Change change = find(hash, key, offset, length);
        if (change == null) {
            return above;
        }
        return Math.max(above > change.sparedEpoch ? above : 0L, change.replacedEpoch);
    }

    private @Nullable Change find(int hash, DirectBuffer key, int offset, int length) {
        int i = slotOf(hash);
        Change change = slots[i];
        while (change != null && (change.hash != hash || !change.isAt(key, offset, length))) {
            i = next(i);
            change = slots[i];
        }
        return change;
    }

    /** With another store at and under a prefix from that epoch on; an empty one is that of all keys. */
    StoreChanges withReplaced(DirectBuffer prefix, int offset, int length, long epoch) {
        return with(prefix, offset, length, epoch, 0L);
    }

    /** With a mount that keeps its store, whatever was replaced above it up to that epoch. */
    StoreChanges withSpared(DirectBuffer prefix, int offset, int length, long epoch) {
        return with(prefix, offset, length, 0L, epoch);
    }

    private StoreChanges with(DirectBuffer prefix, int offset, int length, long replaced, long spared) {
        int hash = hashOf(prefix, offset, length);
        Change before = find(hash, prefix, offset, length);
        List<Change> next = new ArrayList<>(changes);
        if (before == null) {
            byte[] bytes = new byte[length];
            prefix.getBytes(offset, bytes);
            next.add(new Change(bytes, hash, replaced, spared));
        } else {
            next.set(next.indexOf(before), before.and(replaced, spared));
        }
        return new StoreChanges(List.copyOf(next));
    }

    /** Without those that matter to frames of before that epoch alone. */
    StoreChanges since(long epoch) {
        return changes.isEmpty()
                ? this
                : new StoreChanges(changes.stream().filter(change -> change.latestEpoch() > epoch).toList());
    }

    /** The epoch of the latest change of its kind at this very prefix; 0 for none. */
    long epochOf(DirectBuffer prefix, int offset, int length, boolean isSpared) {
        Change change = find(hashOf(prefix, offset, length), prefix, offset, length);
        if (change == null) {
            return 0L;
        }
        return isSpared ? change.sparedEpoch : change.replacedEpoch;
    }

    /** Prefixes that are known. */
    int count() {
        return changes.size();
    }
}
