package io.tiercel.client;

import io.tiercel.Key;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of frames read before: a fixed table of sets of four. A full set forgets one of its own; two threads
 * that put one key at once may leave it in twice. Both are harmless: every descriptor is checked at use, and a forgotten
 * one costs a round trip. Threadsafe, without locks.
 */
final class DescriptorCache {
    /** Entries of a set. */
    static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable Descriptor> table;
    private final int setMask;

    /** @param entries a power of two of at least {@link #WAYS}, or 0 to remember nothing. */
    DescriptorCache(int entries) {
        this.table = new AtomicReferenceArray<>(entries);
        this.setMask = entries / WAYS - 1;
    }

    /** The key's descriptor, or null. */
    @Nullable
    Descriptor find(Key key) {
        if (setMask < 0) {
            return null;
        }
        int first = firstOfSet(key);
        for (int way = 0; way < WAYS; way++) {
            Descriptor found = table.getAcquire(first + way);
            if (found != null && found.info().key().equals(key)) {
                return found;
            }
        }
        return null;
    }

    /** Remembers a descriptor in place of the key's last one, of nothing, or of another key's. */
    void put(Descriptor descriptor) {
        if (setMask < 0) {
            return;
        }
        Key key = descriptor.info().key();
        int first = firstOfSet(key);
        int chosen = -1;
        for (int way = 0; way < WAYS; way++) {
            Descriptor found = table.getAcquire(first + way);
            if (found != null && found.info().key().equals(key)) {
                chosen = way;
                break;
            }
            if (found == null && chosen < 0) {
                chosen = way;
            }
        }
        // A new frame's sequence of places is as good as random, and costs nothing to come by.
        int victim = (descriptor.frameOffset() >>> 6 ^ descriptor.slot()) & WAYS - 1;
        table.setRelease(first + (chosen < 0 ? victim : chosen), descriptor);
    }

    /** Forgets a descriptor that did not hold. */
    void remove(Descriptor descriptor) {
        if (setMask < 0) {
            return;
        }
        int first = firstOfSet(descriptor.info().key());
        for (int way = 0; way < WAYS; way++) {
            table.compareAndSet(first + way, descriptor, null);
        }
    }

    /** Forgets all. */
    void clear() {
        for (int index = 0; index < table.length(); index++) {
            table.setRelease(index, null);
        }
    }

    /** Keys of one folder differ in few bits of their hash: mix them before the low ones are taken. */
    private int firstOfSet(Key key) {
        int hash = key.hashCode() * 0x9E37_79B9;
        return ((hash ^ hash >>> 15) & setMask) * WAYS;
    }
}
