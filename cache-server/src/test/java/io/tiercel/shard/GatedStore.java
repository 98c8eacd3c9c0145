package io.tiercel.shard;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.PassingListing;
import io.tiercel.storage.contract.PassingRead;
import io.tiercel.storage.contract.PassingStore;
import io.tiercel.storage.memory.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A memory store whose calls are counted, and can be held back or made to fail. */
final class GatedStore extends PassingStore {
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

    GatedStore() {
        super(new MemoryStorage("memory", 64 << 20));
    }

    void put(String path, String value) {
        whole().write(StorePath.of(path), ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)),
                WriteOptions.REPLACE);
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        opens.incrementAndGet();
        ObjectRead read = super.open(path, options);
        await(openGate);
        StorageException planned = failure;
        if (planned != null) {
            throw planned;
        }
        return new GatedRead(read);
    }

    /** The body as stored, or cut short, or drawn out. */
    private final class GatedRead extends PassingRead {
        private long left;

        GatedRead(ObjectRead read) {
            super(read);
            this.left = read.info().length() - missingBytes;
        }

        @Override
        public ObjectInfo info() {
            ObjectInfo info = super.info();
            return info.at(info.path()).cacheRules(rules).build();
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
            int count = super.read(target);
            target.limit(limit);
            left -= Math.max(count, 0);
            bytesRead.addAndGet(Math.max(count, 0));
            return count;
        }

        @Override
        public void close() {
            closedReads.incrementAndGet();
            super.close();
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
        return super.info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        StorageException planned = failure;
        if (planned != null) {
            throw planned;
        }
        WriteResult result = super.write(path, source, length, options);
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
        super.delete(path, missingIsFine);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        ListingCursor cursor = super.list(folder, options.pageSize(Math.min(pageSize, options.pageSize())));
        return new PassingListing(cursor) {
            @Override
            public List<ObjectInfo> nextPage() {
                int number = pages.incrementAndGet();
                List<ObjectInfo> page = super.nextPage();
                await(pageGate);
                if (number == failingPage) {
                    throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("planned").build();
                }
                return page;
            }

            @Override
            public void close() {
                closedListings.incrementAndGet();
                super.close();
            }
        };
    }
}
