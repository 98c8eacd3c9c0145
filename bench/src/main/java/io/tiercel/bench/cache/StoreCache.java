package io.tiercel.bench.cache;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.StoreContext;
import io.tiercel.tier.Tier;
import io.tiercel.tier.TieredStore;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The node's own store, called as its shard calls it. A read is a whole find: the hash of the key's bytes, the look-up,
 * the comparison of the key, the checks of generation, state, expiry and invalidations, and what the eviction policy is
 * told; it counts the hit. Every
 * 64th read gives the store a turn of its duties first, as a busy shard does. The view stands for the lease, since the shard is the one thread that reuses memory. A put has
 * the frame's room allocated, copies the payload into it, takes its checksum, publishes, and gives the store one turn of
 * its duties; the hash of the content, which the node makes an entity tag of, is not in it.
 *
 * <p>A payload above 64 KiB has no image on the heap, where then only its place is kept.
 */
final class StoreCache implements PayloadCache {
    private static final long HEAP_CAPACITY = 256L << 20;
    private static final long INDEX_BYTES_AN_ENTRY = 2048;
    private static final int LARGEST_IMAGE = 64 * 1024;
    private static final int METADATA_LENGTH = 2;
    private static final int READS_A_TURN = 64;

    private final TieredStore store;
    private final int payloadLength;
    private final Tier tier;
    private final FrameView found = new FrameView();
    private final CRC32C crc = new CRC32C();
    private final Room room = new Room();
    private int reads;

    private StoreCache(CacheRoom cacheRoom, long heapCapacity) {
        this.payloadLength = cacheRoom.payloadLength();
        this.tier = heapCapacity > 0 && payloadLength <= LARGEST_IMAGE ? Tier.HEAP : Tier.MAPPED;
        // Made and opened again: a new store answers from a table on the heap until its index is made.
        open(cacheRoom, heapCapacity).close();
        this.store = open(cacheRoom, heapCapacity);
    }

    private static TieredStore open(CacheRoom room, long heapCapacity) {
        return TieredStore.open(new StoreContext().dir(room.folder()).heapCapacity(heapCapacity)
                .repeatIntervalNs(StoreContext.NODE_REPEAT_INTERVAL_NS).mappedCapacity(capacity(room)).conclude());
    }

    static StoreCache heap(CacheRoom room) {
        return new StoreCache(room, HEAP_CAPACITY);
    }

    static StoreCache mapped(CacheRoom room) {
        return new StoreCache(room, 0);
    }

    /** Room in the segments, and an index with two entries a key. */
    private static long capacity(CacheRoom room) {
        long frame = FrameDescriptor.frameLength(room.keyLength(), METADATA_LENGTH, room.payloadLength());
        return Math.max(room.capacity(), room.keyCount() * Math.max(4 * frame, 2 * INDEX_BYTES_AN_ENTRY));
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        room.isAnswered = false;
        store.allocate(new FrameRequest(key, payloadLength, 0, "", 0, 0, store.epoch()), room);
        while (!room.isAnswered) {
            store.doWork(System.nanoTime());
        }
        Allocation allocation = room.allocation;
        if (allocation == null) {
            throw new IllegalStateException("key=" + key + " was refused: " + room.refusal);
        }
        room.allocation = null;
        allocation.payload().putBytes(0, payload, 0, payloadLength);
        allocation.publish(crcOf(payload), "");
        store.doWork(System.nanoTime());
    }

    private int crcOf(UnsafeBuffer payload) {
        ByteBuffer bytes = payload.byteBuffer();
        crc.reset();
        crc.update(bytes.clear());
        return (int) crc.getValue();
    }

    /** A hit of another tier than the one that is asked about counts as none. */
    @Override
    public boolean read(Key key, long stamp) {
        if ((++reads & READS_A_TURN - 1) == 0) {
            store.doWork(System.nanoTime());
        }
        return store.find(key.buffer(), 0, key.length(), found) && found.tier() == tier
                && found.payloadLength() == payloadLength && found.buffer().getLong(found.payloadOffset()) == stamp;
    }

    @Override
    public void invalidatePrefix(Key prefix) {
        store.invalidatePrefix(prefix);
    }

    @Override
    public void close() {
        store.close();
    }

    /** Hears of room for a frame. */
    private static final class Room implements AllocationListener {
        private boolean isAnswered;
        private @Nullable Allocation allocation;
        private String refusal = "";

        @Override
        public void onAllocated(Allocation allocated) {
            allocation = allocated;
            isAnswered = true;
        }

        @Override
        public void onRefused(ErrorCode code, String why) {
            refusal = code + ": " + why;
            isAnswered = true;
        }
    }
}
