package io.tiercel.bench.jmh;

import io.tiercel.bench.process.ScratchFolders;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a lease cost: taken, checked and given back?
 *
 * <p>An operation counts a pin in the reader file, looks at the segment's generation in the control file and at the state
 * of the frame, and uncounts: what a mapped client does for each repeat read beside finding its descriptor, on files of
 * the real layout. Two atomic additions are most of it. A lease that does not hold counts as a miss and fails the run.
 *
 * <p>Not measured: the reclaiming node, threads that pin in the same slot.
 *
 * <p>{@code bench/bin/bench jmh Lease -prof gc -foe true}
 */
public class LeaseBenchmark extends CountedBenchmark {
    private static final int SLOTS = 1024;
    private static final int SLOT = 7;
    private static final long GENERATION = 3;

    private final UnsafeBuffer frame = new UnsafeBuffer(
            ByteBuffer.allocateDirect(FrameDescriptor.HEADER_LENGTH).order(ByteOrder.nativeOrder()));

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ScratchFolders folders;
    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ControlFile control;
    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ReaderFile reader;

    @Setup
    public void open() throws IOException {
        folders = ScratchFolders.create();
        control = ControlFile.create(room("control", ControlDescriptor.fileLength(SLOTS)), SLOTS);
        control.generationVolatile(SLOT, GENERATION);
        reader = ReaderFile.create(room("reader", ReaderDescriptor.fileLength(SLOTS)), SLOTS, 1, 1L, Long.MAX_VALUE);
        frame.putInt(FrameDescriptor.STATE_OFFSET, FrameDescriptor.LIVE, ByteOrder.LITTLE_ENDIAN);
    }

    private Path room(String name, long length) throws IOException {
        Path path = folders.disk().resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    @Benchmark
    public boolean takeAndRelease() {
        boolean isOpen = reader.pin(SLOT);
        boolean holds = isOpen && control.generationVolatile(SLOT) == GENERATION
                && FrameFlyweight.stateVolatile(frame, 0) == FrameDescriptor.LIVE;
        reader.unpin(SLOT);
        return hits.count(holds);
    }

    @TearDown
    public void close() {
        reader.close();
        control.close();
        folders.delete();
    }
}
