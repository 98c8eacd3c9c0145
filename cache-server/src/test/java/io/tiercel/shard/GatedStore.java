package io.tiercel.shard;

import io.tiercel.storage.CacheRules;
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
import io.tiercel.storage.memory.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A memory store whose calls are counted, and can be held back or made to fail. */
final class GatedStore implements StorageAdapter {
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closedReads = new AtomicInteger();
    final AtomicInteger closedListings = new AtomicInteger();
    final AtomicInteger infos = new AtomicInteger();
    volatile @Nullable CountDownLatch openGate;
    volatile @Nullable CountDownLatch readGate;
    volatile @Nullable CountDownLatch writtenGate;
    volatile @Nullable CountDownLatch infoGate;
    volatile @Nullable CountDownLatch deleteGate;
    volatile @Nullable StorageException failure;
    volatile CacheRules rules = CacheRules.NONE;
    final AtomicLong bytesRead = new AtomicLong();
    volatile @Nullable StorageException deleteFailure;
    /** Pages of listings that were asked for, and of which one fails: the one of this number, from 1. */
    final AtomicInteger pages = new AtomicInteger();
    volatile int failingPage;
    volatile @Nullable CountDownLatch pageGate;
    volatile int pageSize = 1000;
    volatile int missingBytes;
    volatile int surplusBytes;
    private final MemoryStorage store = new MemoryStorage("memory", 64 << 20);

    void put(String path, String value) {
        store.write(StorePath.of(path), ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), WriteOptions.REPLACE);
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        opens.incrementAndGet();
        ObjectRead read = store.open(path, options);
        await(openGate);
        StorageException planned = failure;
        if (planned != null) {
            throw planned;
        }
        return new GatedRead(read);
    }

    /** The body as stored, or cut short, or drawn out. */
    private final class GatedRead implements ObjectRead {
        private final ObjectRead read;
        private long left;

        GatedRead(ObjectRead read) {
            this.read = read;
            this.left = read.info().length() - missingBytes;
        }

        @Override
        public ObjectInfo info() {
            return read.info().at(read.info().path()).cacheRules(rules).build();
        }

        @Override
        public long offset() {
            return read.offset();
        }

        @Override
        public long length() {
            return read.length();
        }

        @Override
        public int read(ByteBuffer target) {
            await(readGate);
            if (left <= 0) {
                if (surplusBytes > 0 && target.hasRemaining()) {
                    target.put((byte) 'x');
                    return 1;
                }
                return -1;
            }
            int limit = target.limit();
            target.limit((int) Math.min(limit, target.position() + left));
            int count = read.read(target);
            target.limit(limit);
            left -= Math.max(count, 0);
            bytesRead.addAndGet(Math.max(count, 0));
            return count;
        }

        @Override
        public void close() {
            closedReads.incrementAndGet();
            read.close();
        }
    }

    private static void await(@Nullable CountDownLatch gate) {
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("interrupted").build();
            }
        }
    }

    @Override
    public ObjectInfo info(StorePath path) {
        infos.incrementAndGet();
        await(infoGate);
        return store.info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        StorageException planned = failure;
        if (planned != null) {
            throw planned;
        }
        WriteResult result = store.write(path, source, length, options);
        await(writtenGate);
        return result;
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        await(deleteGate);
        StorageException planned = deleteFailure;
        if (planned != null) {
            throw planned;
        }
        store.delete(path, missingIsFine);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        return store.deleteRecursively(path);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        ListingCursor cursor = store.list(folder, options.pageSize(Math.min(pageSize, options.pageSize())));
        return new ListingCursor() {
            @Override
            public List<ObjectInfo> nextPage() {
                int number = pages.incrementAndGet();
                List<ObjectInfo> page = cursor.nextPage();
                await(pageGate);
                if (number == failingPage) {
                    throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("planned").build();
                }
                return page;
            }

            @Override
            public void close() {
                closedListings.incrementAndGet();
                cursor.close();
            }
        };
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return store.move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return store.copy(from, to, overwrite);
    }

    @Override
    public void ping() {
        store.ping();
    }

    @Override
    public void close() {
        store.close();
    }
}
