package io.tiercel.node;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.PassingStore;
import io.tiercel.storage.memory.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A memory store whose reads take a time to open, or until a gate opens; it counts how many do so at once. Threadsafe. */
final class SlowStore extends PassingStore {
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    volatile @Nullable CountDownLatch gate;
    volatile boolean isFailing;
    /** Begins what a listing tells instead of what is there. */
    volatile @Nullable Supplier<ListingCursor> listing;
    private final AtomicInteger running = new AtomicInteger();
    private final long delayMs;

    SlowStore(long delayMs) {
        super(new MemoryStorage("slow", 64 << 20));
        this.delayMs = delayMs;
    }

    void put(String path, String value) {
        whole().write(StorePath.of(path), ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)),
                WriteOptions.REPLACE);
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        opens.incrementAndGet();
        mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            CountDownLatch closed = gate;
            if (closed != null) {
                closed.await();
            }
            // Nothing ever opens this one: it is the store's answering time.
            boolean ignored = new CountDownLatch(1).await(delayMs, TimeUnit.MILLISECONDS);
            if (isFailing) {
                throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("planned").build();
            }
            return super.open(path, options);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("interrupted").build();
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        Supplier<ListingCursor> other = listing;
        return other == null ? super.list(folder, options) : other.get();
    }

    @Override
    public void close() {
        // Nodes come and go before it.
        closes.incrementAndGet();
    }
}
