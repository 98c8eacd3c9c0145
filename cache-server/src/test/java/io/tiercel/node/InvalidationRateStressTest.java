package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.shard.NodeStatus;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mapped clients of a real node read while another invalidates prefixes as fast as it can, with many under way. No read
 * may show what was invalidated before it began, and none may need more than a bounded number of questions to the node,
 * however fast the epoch moves. The rate is printed and not asserted.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class InvalidationRateStressTest {
    private static final int INVALIDATIONS = Boolean.getBoolean("tiercel.full") ? 400_000 : 20_000;
    private static final int READERS = 2;
    private static final int KEYS = 8;
    private static final int LENGTH = 1_000;
    /** One in so many covers a key that is there; the others lie beside and beneath, and move the epoch alike. */
    private static final int COVERING = 20;
    private static final int WINDOW = 32;
    /** Three places that were stale by the time they came, then the bytes. */
    private static final int MOST_QUESTIONS_A_READ = 4;
    private static final int MOST_READS_UNTIL_MAPPED = 100;
    private static final long MOST_BYTES_A_READ = 8_192;

    @TempDir
    Path dir;

    private final AtomicLongArray invalidated = new AtomicLongArray(KEYS);
    private volatile boolean isOver;

    /** What one reader did. */
    private record Reads(long count, long found, long mapped, long allocatedBytes) {}

    @Test
    void shouldShowNothingOlderThanAcknowledgedAndAskABoundedNumberOfTimes() throws Exception {
        try (TiercelNode node = launch();
                TiercelClient writer = connect();
                ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int key = 0; key < KEYS; key++) {
                writer.put(key(key), value(1), PutOptions.DEFAULTS);
            }
            long askedBefore = asked(node);
            List<Future<Reads>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit((Callable<Reads>) this::readUntilOver));
            }

            long startNs = System.nanoTime();
            try {
                invalidateAll(writer);
            } finally {
                isOver = true;
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;

            Reads sum = new Reads(0, 0, 0, 0);
            for (Future<Reads> reader : readers) {
                Reads reads = reader.get(60, TimeUnit.SECONDS);
                assertThat(reads.count()).as("reads of one reader meanwhile").isPositive();
                sum = new Reads(sum.count + reads.count, sum.found + reads.found, sum.mapped + reads.mapped,
                        sum.allocatedBytes + reads.allocatedBytes);
            }
            long asked = asked(node) - askedBefore;
            System.out.printf("invalidations=%d in %.2f s: %.0f a second; reads=%d found=%d mapped=%d asked=%d,"
                    + " %d bytes allocated a read%n", INVALIDATIONS, seconds, INVALIDATIONS / seconds, sum.count,
                    sum.found, sum.mapped, asked, sum.allocatedBytes / sum.count);
            assertThat(sum.found).isPositive();
            assertThat(asked).as("questions to the node").isLessThanOrEqualTo(MOST_QUESTIONS_A_READ * sum.count);
            assertThat(sum.allocatedBytes / sum.count).as("bytes a read").isLessThan(MOST_BYTES_A_READ);
            assertThat(status(node).invalidation().epoch()).isGreaterThanOrEqualTo(INVALIDATIONS);
        }
    }

    /** Many under way at a time. A key that was covered is put again with the next one's turn, so that a read may come. */
    private void invalidateAll(TiercelClient writer) throws Exception {
        Queue<CompletableFuture<?>> underWay = new ArrayDeque<>();
        List<CompletableFuture<?>> ofKeys = new ArrayList<>(
                Collections.nCopies(KEYS, CompletableFuture.completedFuture(null)));
        for (int i = 0; i < INVALIDATIONS; i++) {
            if (i % COVERING == 0) {
                int key = i / COVERING % KEYS;
                putAgain(writer, (key + KEYS - 1) % KEYS, ofKeys);
                ofKeys.get(key).get(30, TimeUnit.SECONDS);
                long version = invalidated.get(key) + 1;
                // From the moment of the acknowledgement on, no read may show what was there before.
                ofKeys.set(key, writer.invalidatePrefixAsync(Key.of("hot/" + key))
                        .thenRun(() -> invalidated.set(key, version)));
            } else {
                String prefix = i % 3 == 0 ? "cold/" + i % 1000 : "hot/" + i % KEYS + "/value/" + i % 1000;
                underWay.add(writer.invalidatePrefixAsync(Key.of(prefix)));
            }
            while (underWay.size() >= WINDOW) {
                underWay.remove().get(30, TimeUnit.SECONDS);
            }
        }
        for (CompletableFuture<?> last : underWay) {
            last.get(30, TimeUnit.SECONDS);
        }
        for (int key = 0; key < KEYS; key++) {
            putAgain(writer, key, ofKeys);
            ofKeys.get(key).get(30, TimeUnit.SECONDS);
        }
    }

    private void putAgain(TiercelClient writer, int key, List<CompletableFuture<?>> ofKeys) throws Exception {
        ofKeys.get(key).get(30, TimeUnit.SECONDS);
        ofKeys.set(key, writer.putAsync(key(key), value(invalidated.get(key) + 1), PutOptions.DEFAULTS));
    }

    private Reads readUntilOver() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long count = 0;
        long found = 0;
        long mapped = 0;
        try (TiercelClient client = connect()) {
            assertThat(client.mode()).isEqualTo(Mode.MAPPED);
            List<Key> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                keys.add(key(i));
            }
            Frame frame = new Frame();
            long before = threads.getCurrentThreadAllocatedBytes();
            while (!isOver) {
                int key = (int) (count++ % KEYS);
                long floor = invalidated.get(key);
                if (client.get(keys.get(key), frame)) {
                    long version = frame.buffer().getLong(0, ByteOrder.LITTLE_ENDIAN);
                    long last = frame.buffer().getLong(LENGTH - Long.BYTES, ByteOrder.LITTLE_ENDIAN);
                    if (version <= floor || version != last) {
                        throw new AssertionError("key=" + key + " shows version=" + version + " and " + last
                                + " after version=" + floor + " was invalidated");
                    }
                    found++;
                    mapped += frame.isMapped() ? 1 : 0;
                    frame.close();
                }
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            keys.forEach(key -> assertReadsMappedAgain(client, key));
            return new Reads(count, found, mapped, allocated);
        }
    }

    /** Once no invalidation is under way. */
    private static void assertReadsMappedAgain(TiercelClient client, Key key) {
        boolean mapped = false;
        for (int i = 0; i < MOST_READS_UNTIL_MAPPED && !mapped; i++) {
            try (Frame frame = client.get(key)) {
                mapped = frame != null && frame.isMapped();
            }
        }
        assertThat(mapped).as("%s is read where it lies", key).isTrue();
    }

    private static ByteBuffer value(long version) {
        return ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN).putLong(0, version)
                .putLong(LENGTH - Long.BYTES, version);
    }

    private static Key key(int key) {
        return Key.of("hot/" + key + "/value");
    }

    private TiercelNode launch() {
        return TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("", URI.create("cache:/")).conclude());
    }

    private TiercelClient connect() {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir)
                .connectTimeoutNs(TimeUnit.SECONDS.toNanos(30)).requestTimeoutNs(TimeUnit.SECONDS.toNanos(30)));
    }

    /** Reads that the node was asked for. */
    private static long asked(TiercelNode node) {
        NodeStatus status = status(node);
        return status.heap().hits() + status.mapped().hits() + status.mapped().misses();
    }

    private static NodeStatus status(TiercelNode node) {
        return node.commands().status().join();
    }
}
