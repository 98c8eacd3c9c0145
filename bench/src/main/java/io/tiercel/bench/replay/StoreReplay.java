package io.tiercel.bench.replay;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.StoreContext;
import io.tiercel.tier.TierSnapshot;
import io.tiercel.tier.TieredStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Drives the mapped tier of a node, in a temporary directory, with real frames: a request is a find, and where nothing is
 * found a put. A hit is a frame that was found and that the policy kept; what was found on its way out counts as a miss,
 * as it does where the policy is asked alone.
 *
 * <p>The capacity is one of payload: what headers and index entries weigh is added to it, and so is the room that the
 * log works in, since a node's capacity must be chosen with both.
 */
final class StoreReplay implements AutoCloseable {
    private static final int METADATA_LENGTH = 2;
    private static final long INDEX_ENTRY_LENGTH = 48;
    private static final int KEY_LENGTH = 16;

    private final Trace trace;
    private final long unit;
    private final Path directory;
    private final TieredStore store;
    private final FrameView found = new FrameView();
    private final CRC32C crc = new CRC32C();
    private long foundCount;

    private StoreReplay(Trace trace, long capacity, long unit) throws IOException {
        this.trace = trace;
        this.unit = unit;
        this.directory = Files.createTempDirectory("tiercel-replay");
        long kept = keptCapacity(capacity);
        this.store = TieredStore.open(new StoreContext().dir(directory).heapCapacity(0).keptCapacity(kept)
                .mappedCapacity(StoreContext.mappedCapacityFor(kept)).conclude());
    }

    /** Replays a trace whose sizes, and the capacity, are in units of so many bytes. Answers a line of JSON. */
    static String run(String name, Trace trace, long capacity, long unit) throws IOException {
        try (StoreReplay replay = new StoreReplay(trace, capacity, unit)) {
            return replay.run(name, capacity);
        }
    }

    private String run(String name, long capacity) {
        long misses = 0;
        long requestedBytes = 0;
        long missedBytes = 0;
        for (int i = 0; i < trace.length(); i++) {
            boolean hit = request(Key.of(String.format(Locale.ROOT, "%016x", trace.key(i))), trace.key(i),
                    trace.size(i) * unit);
            requestedBytes += trace.size(i);
            misses += hit ? 0 : 1;
            missedBytes += hit ? 0 : trace.size(i);
        }
        TierSnapshot.Mapped mapped = store.snapshot().mapped();
        double foundRatio = foundCount / (double) trace.length();
        return new ReplayResult(name, capacity, trace.length(), misses, requestedBytes, missedBytes)
                .json(String.format(Locale.ROOT,
                        ",\"unit\":%d,\"foundRatio\":%.6f,\"storeCapacity\":%d,\"diskBytes\":%d",
                        unit, foundRatio, mapped.capacityBytes(), mapped.fileBytes()));
    }

    private boolean request(Key key, long stamp, long length) {
        store.doWork(System.nanoTime());
        if (!store.find(key.buffer(), 0, key.length(), found)) {
            put(key, stamp, length);
            return false;
        }
        foundCount++;
        if (found.payloadLength() != length || (length >= Long.BYTES && found.buffer().getLong(
                found.payloadOffset()) != stamp)) {
            throw new IllegalStateException("key=" + key + " has the bytes of another");
        }
        return found.wasKept();
    }

    private void put(Key key, long stamp, long length) {
        Room room = new Room();
        store.allocate(new FrameRequest(key, length, 0, "", 0, 0, store.epoch()), room);
        while (!room.isAnswered) {
            store.doWork(System.nanoTime());
            Thread.onSpinWait();
        }
        Allocation allocation = room.allocation;
        if (allocation != null) {
            if (length >= Long.BYTES) {
                allocation.payload().putLong(0, stamp);
            }
            ByteBuffer payload = allocation.payloadByteBuffer();
            crc.reset();
            crc.update(payload);
            allocation.publish((int) crc.getValue(), "");
        }
    }

    /** Weight of as many frames as have that many bytes of payload, in the mix of the trace. */
    private long keptCapacity(long capacity) {
        double payload = 0;
        double weight = 0;
        for (int i = 0; i < trace.length(); i++) {
            long length = trace.size(i) * unit;
            payload += length;
            weight += FrameDescriptor.frameLength(KEY_LENGTH, METADATA_LENGTH, length) + INDEX_ENTRY_LENGTH;
        }
        return (long) Math.ceil(capacity * unit * (weight / payload));
    }

    @Override
    public void close() {
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hears of room for a frame. */
    private static final class Room implements AllocationListener {
        private boolean isAnswered;
        private @Nullable Allocation allocation;

        @Override
        public void onAllocated(Allocation allocated) {
            allocation = allocated;
            isAnswered = true;
        }

        @Override
        public void onRefused(ErrorCode code, String why) {
            isAnswered = true;
        }
    }
}
