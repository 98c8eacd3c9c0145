package io.tiercel.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReadOnlySegment;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real classes of the lease protocol on mapped files, the node on this thread and readers on others.
 *
 * <p>By hand: Lincheck 3.7 took 8 seconds to find a lost update in one counter in an Agrona buffer, and failed to
 * transform Agrona's classes on the way; and what is checked here is bytes under a lease, not results of operations.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LeaseStressTest {
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int READERS = 2;
    private static final int SLOTS = 4;
    private static final int SEGMENT_LENGTH = 1 << 20;
    private static final int PAYLOAD_LENGTH = 512;
    /** How long a frame may be taken before its memory is reclaimed. */
    private static final int LIFE_SPINS = 100;
    private static final Key KEY = Key.of("a/key");
    private static final String ETAG = "\"etag\"";

    /** A frame as the node tells of it. */
    private record Place(long generation, int frameOffset, int payloadOffset) {}

    @TempDir
    Path dir;

    private final CountDownLatch reading = new CountDownLatch(READERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final FrameAppender appender = new FrameAppender(new FrameChecksum());
    private final FrameFlyweight frame = new FrameFlyweight();
    private ExecutorService threads;
    private ControlFile control;
    private ReaderDirectory readers;
    private SegmentPreparer preparer;
    private SegmentTable table;
    private Segment segment;
    private volatile @Nullable Place place;

    @BeforeEach
    void open() throws IOException {
        threads = Executors.newCachedThreadPool();
        Path controlPath = dir.resolve("control");
        DiskSpace.reserve(controlPath, ControlDescriptor.fileLength(SLOTS));
        control = ControlFile.create(controlPath, SLOTS);
        readers = ReaderDirectory.open(dir.resolve("readers"), SLOTS, READERS, Long.MAX_VALUE, 1L);
        preparer = new SegmentPreparer(dir, 1L);
        table = new SegmentTable(control, readers, preparer, 1L);
        segment = table.install(0, SegmentFile.create(dir, 0, 1L, SEGMENT_LENGTH, 1L), 1L, 1L, SegmentState.FREE);
    }

    @AfterEach
    void close() throws Exception {
        stop.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        preparer.close();
        table.close();
        readers.close();
        control.close();
    }

    /**
     * Take and release against reclaim. Seen to fail when {@code SegmentTable.isQuiet} did not ask for the readers'
     * pins, and, in the long form, when the reader compared the generation before it pinned.
     */
    @Test
    void shouldNotReuseMemoryUnderALease() throws Exception {
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            results.add(threads.submit(leaseholder(readers.grant())));
        }

        reading.await();
        for (int round = 0; round < (IS_FULL ? 2_000_000 : 20_000); round++) {
            table.activate(segment);
            int offset = appendFilled((byte) segment.generation());
            appender.publish(segment, offset, round + 1L, 0, ETAG);
            place = new Place(segment.generation(), offset, frame.wrap(segment.buffer(), offset).payloadOffset());
            table.seal(segment);
            for (int spin = 0; spin < LIFE_SPINS; spin++) {
                Thread.onSpinWait();
            }
            table.beginReclaim(segment);
            while (!table.isQuiet(segment) && !stop.get()) {
                Thread.onSpinWait();
            }
            if (stop.get()) {
                break; // a reader found something, or failed
            }
            table.recycle(segment);
        }
        stop.set(true);

        int leases = 0;
        for (Future<Integer> result : results) {
            leases += result.get(60, TimeUnit.SECONDS);
        }
        assertThat(leases).as("leases taken").isPositive();
    }

    private Callable<Integer> leaseholder(int number) throws IOException {
        Path files = dir.resolve("readers");
        LockFile lock = Objects.requireNonNull(LockFile.tryAcquire(files.resolve(number + ".lock")));
        ReaderFile reader = ReaderFile.open(files.resolve(Integer.toString(number)), SLOTS);
        UnsafeBuffer memory = segment.buffer();
        assertThat(readers.attach(number)).isTrue();
        return () -> {
            int leases = 0;
            reading.countDown();
            try (lock; reader) {
                while (!stop.get()) {
                    Place known = place;
                    if (known == null) {
                        continue;
                    }
                    reader.pin(0);
                    if (control.generationVolatile(0) == known.generation
                            && FrameFlyweight.stateVolatile(memory, known.frameOffset) == FrameDescriptor.LIVE) {
                        requireFilled(memory, known.payloadOffset, (byte) known.generation);
                        requireFilled(memory, known.payloadOffset, (byte) known.generation);
                        leases++;
                    }
                    reader.unpin(0);
                }
            } finally {
                stop.set(true);
            }
            return leases;
        };
    }

    private int appendFilled(byte value) {
        int offset = appender.append(segment,
                new FrameSpec(KEY, ETAG.length(), "", PAYLOAD_LENGTH, 0L, 0L, 0L, 0L));
        segment.buffer().setMemory(frame.wrap(segment.buffer(), offset).payloadOffset(), PAYLOAD_LENGTH, value);
        return offset;
    }

    private static void requireFilled(UnsafeBuffer memory, int offset, byte value) {
        for (int i = 0; i < PAYLOAD_LENGTH; i++) {
            byte found = memory.getByte(offset + i);
            if (found != value) {
                throw new AssertionError("byte=" + found + " at=" + i + " expected=" + value);
            }
        }
    }

    /**
     * Publish against read, through a mapping of the reader's own. Seen to fail when {@code FrameAppender.publish} made
     * the frame live before it wrote the checksums.
     */
    @Test
    void shouldShowAFrameWholeOrNotAtAll() throws Exception {
        table.activate(segment);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            results.add(threads.submit(this::readPublished));
        }

        int frames = 0;
        CRC32C crc = new CRC32C();
        byte[] payload = new byte[PAYLOAD_LENGTH];
        for (int round = 0; round < (IS_FULL ? 200 : 4) && !stop.get(); round++) {
            while (segment.room() > 2 * PAYLOAD_LENGTH && !stop.get()) {
                int offset = appendFilled((byte) frames);
                place = new Place(segment.generation(), offset, 0);
                java.util.Arrays.fill(payload, (byte) frames);
                crc.reset();
                crc.update(payload);
                appender.publish(segment, offset, ++frames, (int) crc.getValue(), ETAG);
            }
            place = null;
            table.seal(segment);
            table.beginReclaim(segment);
            table.recycle(segment);
            table.activate(segment);
        }
        stop.set(true);

        int read = 0;
        for (Future<Integer> result : results) {
            read += result.get(60, TimeUnit.SECONDS);
        }
        assertThat(read).as("frames read").isPositive();
    }

    private int readPublished() throws IOException {
        int read = 0;
        FrameFlyweight seen = new FrameFlyweight();
        try (MappedFile file = ReadOnlySegment.open(dir, 0, 1L, SEGMENT_LENGTH)) {
            while (!stop.get()) {
                Place known = place;
                if (known == null
                        || FrameFlyweight.stateVolatile(file.buffer(), known.frameOffset) != FrameDescriptor.LIVE) {
                    continue;
                }
                seen.wrap(file.buffer(), known.frameOffset);
                CRC32C crc = new CRC32C();
                boolean whole = seen.isInBounds() && seen.isHeaderIntact(known.generation) && seen.etag().equals(ETAG);
                if (whole) {
                    crc.update(file.slice(seen.payloadOffset(), seen.payloadLength()));
                }
                boolean matches = whole && (int) crc.getValue() == seen.payloadCrc();
                // What was read above was read before the generation: no pin keeps the memory here.
                VarHandle.loadLoadFence();
                if (control.generationVolatile(0) == known.generation && !matches) {
                    throw new AssertionError("a live frame is not whole: " + known + " whole=" + whole);
                }
                read++;
            }
        } finally {
            stop.set(true);
        }
        return read;
    }

    /**
     * Reader clearing against a late release: a thread of a client that has left still pins and unpins, while its
     * number goes to the next. Seen to fail when {@code ReaderDirectory} zeroed the old file and handed it on.
     */
    @Test
    void shouldNotLoseAPinToTheReaderBefore() throws Exception {
        for (int round = 0; round < (IS_FULL ? 20_000 : 150); round++) {
            int number = readers.grant();
            LockFile lock = Objects.requireNonNull(LockFile.tryAcquire(path(number + ".lock")));
            ReaderFile late = ReaderFile.open(path("" + number), SLOTS);
            assertThat(readers.attach(number)).isTrue();
            AtomicBoolean isOver = new AtomicBoolean();
            Future<?> thread = threads.submit(() -> {
                while (!isOver.get()) {
                    late.pin(0);
                    late.unpin(0);
                }
            });
            lock.close();
            readers.release(number);

            int again = readers.grant();
            try (LockFile next = Objects.requireNonNull(LockFile.tryAcquire(path(again + ".lock")));
                    ReaderFile file = ReaderFile.open(path("" + again), SLOTS)) {
                readers.attach(again);
                file.pin(0);
                for (int look = 0; look < 200; look++) {
                    assertThat(readers.isPinned(0)).as("round=%d", round).isTrue();
                }
                file.unpin(0);
                assertThat(readers.isPinned(0)).as("round=%d", round).isFalse();
                assertThat(next).isNotNull();
            } finally {
                isOver.set(true);
                thread.get(60, TimeUnit.SECONDS);
                late.close();
            }
            assertThat(again).as("the same number").isEqualTo(number);
            readers.release(again);
            assertThat(Files.exists(path("" + again))).isFalse();
        }
    }

    private Path path(String name) {
        return dir.resolve("readers").resolve(name);
    }
}
