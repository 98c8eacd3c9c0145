package io.tiercel.shard;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Objects of any length whose bytes follow from their position and version; requests and bytes are counted. */
final class GeneratedStore implements StorageAdapter {
    record Thing(long length, int version) {
        String etag() {
            return "\"v" + version + '"';
        }
    }

    final Map<String, Thing> things = new ConcurrentHashMap<>();
    final Set<Capability> capabilities = EnumSet.of(Capability.READ, Capability.METADATA, Capability.RANGE,
            Capability.CONDITIONAL);
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger infos = new AtomicInteger();
    final AtomicLong bytes = new AtomicLong();
    final List<ReadOptions> options = new CopyOnWriteArrayList<>();
    volatile long gatedFrom = Long.MAX_VALUE;
    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile CountDownLatch openGate = new CountDownLatch(0);
    volatile long cutAt = Long.MAX_VALUE;
    volatile boolean isWithoutEtag;

    void put(String path, long length, int version) {
        things.put(path, new Thing(length, version));
    }

    static byte at(long position, int version) {
        long mixed = (position / 7 + version * 1_000_003L) * 0x9E37_79B9_7F4A_7C15L;
        return (byte) (mixed >>> 56 ^ position);
    }

    @Override
    public String name() {
        return "generated";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions wanted) {
        opens.incrementAndGet();
        options.add(wanted);
        Thing thing = things.get(path.toString());
        if (thing == null) {
            throw StorageException.of(StorageException.Kind.NOT_FOUND).because("none").build();
        }
        if (wanted.ifMatch() != null && !wanted.ifMatch().equals(thing.etag())) {
            throw StorageException.of(StorageException.Kind.PRECONDITION_FAILED).because("changed").build();
        }
        await(openGate);
        return new Read(path, thing, wanted);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("interrupted").build();
        }
    }

    private ObjectInfo describe(StorePath path, Thing thing) {
        return ObjectInfo.file(path).length(thing.length()).etag(isWithoutEtag ? null : thing.etag()).contentType("x/y")
                .lastModifiedMs(1000).build();
    }

    private final class Read implements ObjectRead {
        private final ObjectInfo info;
        private final Thing thing;
        private final long offset;
        private final long length;
        private long position;
        private boolean isClosed;

        Read(StorePath path, Thing thing, ReadOptions wanted) {
            this.info = describe(path, thing);
            this.thing = thing;
            this.offset = wanted.beginIn(thing.length());
            this.length = wanted.lengthIn(thing.length());
            this.position = offset;
        }

        @Override
        public ObjectInfo info() {
            return info;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(ByteBuffer target) {
            if (isClosed) {
                throw new IllegalStateException("closed");
            }
            long end = Math.min(offset + length, cutAt);
            if (position >= gatedFrom) {
                await(gate);
            } else {
                end = Math.min(end, gatedFrom);
            }
            if (position >= end) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), end - position);
            for (int i = 0; i < count; i++) {
                target.put(at(position++, thing.version()));
            }
            bytes.addAndGet(count);
            return count;
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                closes.incrementAndGet();
            }
        }
    }

    @Override
    public ObjectInfo info(StorePath path) {
        infos.incrementAndGet();
        Thing thing = things.get(path.toString());
        if (thing == null) {
            throw StorageException.of(StorageException.Kind.NOT_FOUND).because("none").build();
        }
        return describe(path, thing);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions how) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long deleteRecursively(StorePath path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions how) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void ping() {}

    @Override
    public void close() {}

    /** A part's bytes compared with what they must be; null when they are, else the position of the first wrong one. */
    static @Nullable Long firstWrong(byte[] bytes, long position, int version) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != at(position + i, version)) {
                return position + i;
            }
        }
        return null;
    }
}
