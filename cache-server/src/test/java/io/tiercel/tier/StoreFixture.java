package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Drives one store from a test: small, with a clock that moves by hand, turned until what was asked for is there. */
final class StoreFixture implements AutoCloseable {
    /** What became of a request for room. */
    static final class Outcome implements AllocationListener {
        @Nullable
        Allocation allocation;
        @Nullable
        ErrorCode code;
        String message = "";

        @Override
        public void onAllocated(Allocation allocated) {
            allocation = allocated;
        }

        @Override
        public void onRefused(ErrorCode refused, String why) {
            code = refused;
            message = why;
        }

        boolean isDone() {
            return allocation != null || code != null;
        }

        Allocation allocated() {
            if (allocation == null) {
                throw new AssertionError("refused: " + code + " " + message);
            }
            return allocation;
        }
    }

    /** A clock that tests move. */
    static final class ManualClock implements Clock {
        private long ms = 1_000_000L;
        private long ns = 1L;

        @Override
        public long nowMs() {
            return ms;
        }

        @Override
        public long nowNs() {
            return ns;
        }

        void advanceMs(long byMs) {
            ms += byMs;
            ns += TimeUnit.MILLISECONDS.toNanos(byMs);
        }
    }

    static final long MIB = 1L << 20;

    final ManualClock clock = new ManualClock();
    final FrameView view = new FrameView();
    final Path dir;
    TieredStore store;

    StoreFixture(Path dir) {
        this(dir, 16 * MIB, 0);
    }

    StoreFixture(Path dir, long mappedCapacity, long heapCapacity) {
        this(new StoreContext().dir(dir).mappedCapacity(mappedCapacity).heapCapacity(heapCapacity));
    }

    /** A store that is opened at a time. */
    StoreFixture(StoreContext context, long nowMs) {
        clock.advanceMs(nowMs - clock.nowMs());
        this.dir = context.dir();
        this.store = TieredStore.open(context.clock(clock).conclude());
        recover();
    }

    StoreFixture(StoreContext context) {
        this(context, true);
    }

    private StoreFixture(StoreContext context, boolean isRecovered) {
        this.dir = context.dir();
        this.store = TieredStore.open(context.clock(clock).conclude());
        if (isRecovered) {
            recover();
        }
    }

    /** A store that has not had its first turn. */
    static StoreFixture unrecovered(StoreContext context) {
        return new StoreFixture(context, false);
    }

    /** Turns the store, at one moment, until nothing more of what the node before left is to be found. */
    void recover() {
        store.awaitIndex();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (store.isRebuilding()) {
            assertThat(System.nanoTime()).as("rebuilt within 60 s").isLessThan(deadlineNs);
            store.doWork(clock.nowNs());
            Thread.onSpinWait();
        }
    }

    /** Closes the store and opens the directory again. */
    void reopen() {
        store.close();
        openAgain();
    }

    /** A copy of the directory as a kill at this moment would leave it. */
    static Path killedCopy(Path from, Path to) throws IOException {
        for (Path folder : List.of(Path.of(""), Path.of("segments"), Path.of("readers"))) {
            Files.createDirectories(to.resolve(folder));
            for (Path file : listed(from.resolve(folder))) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!Files.isDirectory(file) && !file.toString().endsWith(".lock")) {
                    copyUnlessGone(file, target);
                }
            }
        }
        return to;
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void copyUnlessGone(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (NoSuchFileException e) {
            assertThat(file.toString()).as("a file that the store removes at this moment").contains("/segments/");
        }
    }

    /** Opens the directory again with the least sizes. */
    void openAgain() {
        store = TieredStore.open(
                new StoreContext().dir(dir).mappedCapacity(16 * MIB).heapCapacity(0).clock(clock).conclude());
        recover();
    }

    /** Turns the store, a millisecond a turn. */
    void turn(int turns) {
        for (int i = 0; i < turns; i++) {
            clock.advanceMs(1);
            store.doWork(clock.nowNs());
        }
    }

    /** Asks for room and turns the store until there is an answer. */
    Outcome request(FrameRequest request) {
        Outcome outcome = new Outcome();
        store.allocate(request, outcome);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!outcome.isDone()) {
            assertThat(System.nanoTime()).as("an answer within 20 s").isLessThan(deadlineNs);
            turn(1);
            Thread.onSpinWait();
        }
        return outcome;
    }

    FrameRequest requestFor(String key, int length) {
        return new FrameRequest(Key.of(key), length, ContentHash.ETAG_LENGTH, "text/plain", 0, 0, store.epoch());
    }

    Allocation allocate(String key, byte[] value) {
        Allocation allocation = request(requestFor(key, value.length)).allocated();
        allocation.payload().putBytes(0, value);
        return allocation;
    }

    static boolean publish(Allocation allocation) {
        ContentHash hash = new ContentHash().update(allocation.payloadByteBuffer());
        return allocation.publish(hash.crc(), hash.etag());
    }

    boolean put(String key, String value) {
        return put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    boolean put(String key, byte[] value) {
        return publish(allocate(key, value));
    }

    /** The value of a key as text, null on a miss. */
    @Nullable
    String get(String key) {
        byte[] bytes = bytes(key);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    byte @Nullable [] bytes(String key) {
        UnsafeBuffer buffer = new UnsafeBuffer(key.getBytes(StandardCharsets.UTF_8));
        if (!store.find(buffer, 0, buffer.capacity(), view)) {
            return null;
        }
        byte[] bytes = new byte[view.payloadLength()];
        view.buffer().getBytes(view.payloadOffset(), bytes);
        return bytes;
    }

    @Override
    public void close() {
        store.close();
    }
}
