package io.tiercel.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and removes segment files on a thread of its own, since reserving, mapping and unlinking block. Requests come
 * from the shard agent and are done in their order, so that a slot's old file is gone before its new one is made;
 * results are taken by the shard agent.
 */
public final class SegmentPreparer implements AutoCloseable {
    /** One finished request: a file, or why there is none. */
    public record Prepared(int slot, long generation, int length, @Nullable SegmentFile file,
            @Nullable IOException failure) {}

    /** Those of the files asked for that were cut short, and how many have no name any more. */
    public record Inspection(List<SegmentFile> cutShort, int missing) {
        /** Looks at files that are mapped; blocks on the disk. */
        public static Inspection of(List<SegmentFile> files) {
            List<SegmentFile> cutShort = new ArrayList<>();
            int missing = 0;
            for (SegmentFile file : files) {
                FileCondition condition = file.condition();
                if (condition == FileCondition.CUT_SHORT) {
                    cutShort.add(file);
                }
                missing += condition == FileCondition.MISSING ? 1 : 0;
            }
            return new Inspection(List.copyOf(cutShort), missing);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPreparer.class);

    private final Path directory;
    private final long storeId;
    private final Queue<Prepared> finished = new ConcurrentLinkedQueue<>();
    private final Queue<Inspection> inspections = new ConcurrentLinkedQueue<>();
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("tiercel-segments").daemon().factory());

    public SegmentPreparer(Path directory, long storeId) {
        this.directory = directory;
        this.storeId = storeId;
    }

    /** Asks for the file of a slot. */
    public void prepare(int slot, long generation, int length) {
        thread.execute(() -> finished.add(make(slot, generation, length)));
    }

    private Prepared make(int slot, long generation, int length) {
        try {
            SegmentFile file = SegmentFile.create(directory, slot, generation, length, storeId);
            return new Prepared(slot, generation, length, file, null);
        } catch (IOException e) {
            return new Prepared(slot, generation, length, null, e);
        } catch (UncheckedIOException e) {
            return new Prepared(slot, generation, length, null, e.getCause());
        } catch (RuntimeException | Error e) {
            return new Prepared(slot, generation, length, null, new IOException("cannot make a segment file", e));
        }
    }

    /** Removes a file and its mapping, which nobody in this process touches any more. */
    void remove(SegmentFile file) {
        thread.execute(() -> {
            file.close();
            try {
                Files.deleteIfExists(file.path());
            } catch (IOException e) {
                // The name is taken over by the slot's next file, or dropped at the next start.
                LOG.warn("cannot delete {}", file.path(), e);
            }
        });
    }

    /** Asks what others did to files that are mapped; the answer comes by {@link #pollInspection()}. */
    public void inspect(List<SegmentFile> files) {
        thread.execute(() -> inspections.add(Inspection.of(files)));
    }

    /** The next finished inspection, or null. */
    public @Nullable Inspection pollInspection() {
        return inspections.poll();
    }

    /** The next finished request, or null. */
    public @Nullable Prepared poll() {
        return finished.poll();
    }

    /** Finishes what was asked for and ends the thread; files that nobody took are removed. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Prepared left;
        while ((left = finished.poll()) != null) {
            if (left.file() != null) {
                left.file().close();
                left.file().path().toFile().delete();
            }
        }
    }
}
