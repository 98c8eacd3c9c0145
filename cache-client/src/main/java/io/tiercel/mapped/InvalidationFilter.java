package io.tiercel.mapped;

import static io.tiercel.mapped.ControlDescriptor.EPOCH_OF_ALL_OFFSET;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Tells a client, without the node, that nothing has invalidated a key since an epoch; part of {@code control}.
 *
 * <p>Idea: an entry holds the highest epoch of all invalidated prefixes whose hash chooses it. A key is certainly
 * untouched when neither its own entry, nor that of any prefix of it, nor the epoch of all keys is above the epoch that
 * the client knows. Prefixes share entries, so it may say "perhaps" of a key that nobody touched, which costs a question
 * to the node, and never the other way round.
 *
 * <p>Invariant: an invalidation raises its entry before the epoch that clients see, and entries never fall. So who loads
 * the epoch <em>first</em> and then looks here, sees every invalidation up to that epoch.
 *
 * <p>Cost: a load for each segment of the key, once its places are known. Single writer: the node's shard thread; any
 * thread may look.
 */
final class InvalidationFilter {
    private static final long BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private final UnsafeBuffer buffer;
    private final int offset;
    private final int shift;

    /** @param entries a power of two, at least 2. */
    InvalidationFilter(UnsafeBuffer control, int offset, int entries) {
        this.buffer = control;
        this.offset = offset;
        this.shift = Integer.numberOfLeadingZeros(entries - 1) + Integer.SIZE;
    }

    /** Where in the file the entries of a key lie: one for each prefix of it, itself included. */
    int[] places(DirectBuffer key, int keyOffset, int keyLength) {
        int count = 1;
        for (int i = 0; i < keyLength; i++) {
            count += key.getByte(keyOffset + i) == '/' ? 1 : 0;
        }
        int[] places = new int[count];
        int at = 0;
        long hash = BASIS;
        for (int i = 0; i < keyLength; i++) {
            byte b = key.getByte(keyOffset + i);
            if (b == '/') {
                places[at++] = place(hash);
            }
            hash = roll(hash, b);
        }
        places[at] = place(hash);
        return places;
    }

    /** Whether the key of these places may have been invalidated, by whatever prefix, after that epoch. */
    boolean mayCover(int[] places, long sinceEpoch) {
        boolean mayCover = buffer.getLongVolatile(EPOCH_OF_ALL_OFFSET) > sinceEpoch;
        for (int place : places) {
            mayCover |= buffer.getLongVolatile(place) > sinceEpoch;
        }
        return mayCover;
    }

    /** A prefix is about to be invalidated at an epoch; one of no bytes covers every key. */
    void raise(DirectBuffer prefix, int prefixOffset, int prefixLength, long epoch) {
        if (prefixLength == 0) {
            raise(EPOCH_OF_ALL_OFFSET, epoch);
            return;
        }
        long hash = BASIS;
        for (int i = 0; i < prefixLength; i++) {
            hash = roll(hash, prefix.getByte(prefixOffset + i));
        }
        raise(place(hash), epoch);
    }

    private void raise(int at, long epoch) {
        buffer.putLongRelease(at, Math.max(buffer.getLong(at), epoch));
    }

    /** The high bits of a product are those that every byte of the prefix has moved. */
    private int place(long hash) {
        return offset + (int) (((hash ^ (hash >>> 32)) * FACTOR) >>> shift) * Long.BYTES;
    }

    private static long roll(long hash, byte b) {
        return (hash ^ (b & 0xFF)) * FACTOR;
    }
}
