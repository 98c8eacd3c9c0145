package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ReaderFile;

/**
 * Keeps a client within its pin quota: the segments in which it has leases may be so many bytes long together. A single
 * segment is always allowed, however long, so that every frame can be read.
 *
 * <p>A slot that is open has its segment's length taken off the quota, pinned or not, and only in open slots does a pin
 * count; so a repeat read in an open slot knows by its pin alone that it is within the quota. A slot is opened when it
 * is first needed; those without a pin are closed again when the quota has no room for another. Threadsafe: opening,
 * closing and the pins that go with them are under one lock, and the counters' sign bits decide every race with pins
 * taken outside it.
 */
final class PinQuota {
    private final ReaderFile reader;
    private final long quotaBytes;

    // Guarded by this: length of the segment that a slot was opened for, 0 when it is closed.
    private final long[] openLengths;
    private long openBytes;

    PinQuota(ReaderFile reader) {
        this.reader = reader;
        this.quotaBytes = reader.pinQuota();
        this.openLengths = new long[reader.slotCapacity()];
        for (int slot = 0; slot < openLengths.length; slot++) {
            reader.tryCloseSlot(slot);
        }
    }

    /**
     * Pins a slot, opened for a segment of that length.
     *
     * @throws TiercelException NO_SPACE when the quota has no room for it; nothing is pinned then.
     */
    synchronized void pin(int slot, long length, Key key) {
        long added = length - openLengths[slot];
        if (openBytes + added > quotaBytes && added > 0L && openBytes > openLengths[slot]) {
            closeUnpinnedBut(slot);
            requireRoom(slot, added, key);
        }
        if (openLengths[slot] == 0L) {
            reader.openSlot(slot);
        }
        openBytes += added;
        openLengths[slot] = length;
        reader.pin(slot);
    }

    private void requireRoom(int slot, long added, Key key) {
        long others = openBytes - openLengths[slot];
        if (others > 0L && openBytes + added > quotaBytes) {
            throw new TiercelException(ErrorCode.NO_SPACE, "lease of " + key + " is refused: pinnedBytes=" + openBytes
                    + " and " + added + " more are beyond this client's quota, clients.pinQuota=" + quotaBytes
                    + ": close frames that are no longer read");
        }
    }

    private void closeUnpinnedBut(int kept) {
        for (int slot = 0; slot < openLengths.length; slot++) {
            if (openLengths[slot] != 0L && slot != kept && reader.tryCloseSlot(slot)) {
                openBytes -= openLengths[slot];
                openLengths[slot] = 0L;
            }
        }
    }
}
