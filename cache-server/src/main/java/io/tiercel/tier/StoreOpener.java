package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.eviction.AdaptivePolicy;
import io.tiercel.eviction.EvictionPolicy;
import io.tiercel.index.ChronicleIndex;
import io.tiercel.index.FrameIndex;
import io.tiercel.index.OpeningIndex;
import io.tiercel.invalidation.Journal;
import io.tiercel.invalidation.JournalHeader;
import io.tiercel.invalidation.PrefixEpochs;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.segment.BootId;
import io.tiercel.segment.NoSpaceException;
import io.tiercel.segment.ReaderDirectory;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentPreparer;
import io.tiercel.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a directory: takes its lock, looks at everything, refuses what it must before it has touched anything, and then
 * puts the parts together. One use; not threadsafe.
 */
final class StoreOpener {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpener.class);

    private final StoreContext context;
    private final StorePaths paths;
    private final SecureRandom random = new SecureRandom();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    StoreOpener(StoreContext context) {
        this.context = context;
        this.paths = new StorePaths(context.dir());
    }

    TieredStore open() {
        boolean done = false;
        try {
            Files.createDirectories(paths.segments());
            LockFile lock = lock();
            TieredStore store = openLocked(lock);
            done = true;
            return store;
        } catch (NoSpaceException e) {
            throw new TiercelException(ErrorCode.NO_SPACE, "cannot open " + paths.directory() + ": " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "cannot open " + paths.directory() + ": " + e, e);
        } finally {
            if (!done) {
                closeAll();
            }
        }
    }

    private LockFile lock() throws IOException {
        LockFile lock = LockFile.tryAcquire(paths.lock());
        if (lock == null) {
            long pid = ControlKeeper.pidOf(paths.control());
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, paths.directory() + " is held by a running node, "
                    + (pid == 0 ? "its pid is not known yet" : "pid=" + pid) + ": stop it, or take another directory");
        }
        opened.push(lock);
        lock.describe("pid=" + ProcessHandle.current().pid() + "\n");
        return lock;
    }

    private TieredStore openLocked(LockFile lock) throws IOException {
        String bootId = BootId.current();
        Remains remains = Remains.of(paths, random.nextLong(), bootId);
        refuseBeyondDisk(paths.directory(), context.mappedCapacity(), remains.segments().length());
        StoreCounters counters = new StoreCounters();
        remains.discard(counters);

        ControlFile control = opening(ControlKeeper.open(paths.control(), StoreSizes.slots(context.mappedCapacity())));
        Invalidations invalidations = invalidations(remains, control, bootId);
        long incarnation = nonZero();
        ReaderDirectory readers = opening(
                ReaderDirectory.open(paths.readers(), control.slotCapacity(), context.maxReaders(), context.pinQuota(),
                        incarnation));
        SegmentPreparer preparer = opening(new SegmentPreparer(paths.segments(), remains.storeId()));
        SegmentTable segments = new SegmentTable(control, readers, preparer, remains.storeId());
        opened.push(segments::close);
        CleanMarker clean = remains.clean();
        FrameIndex reopened = clean == null ? null : reopenIndex(clean);
        FrameIndex index = opening(reopened != null ? reopened : indexToMake());

        EvictionPolicy policy = opening(policy(segments, index.capacity()));
        StoreParts parts = new StoreParts(context, paths, remains.storeId(), (int) (remains.openCount() + 1),
                StoreSizes.segmentLength(context.mappedCapacity()), context.hasher(remains.storeId()), control,
                readers, preparer, segments, policy, new Weights(index.capacity()), invalidations, index,
                new HeapTier(context.heapCapacity()), new Lifetimes(context.clock(), context.retention()), counters,
                new TierHealth());
        MappedTier mapped = new MappedTier(parts);
        Reclaimer reclaimer = new Reclaimer(parts, mapped);
        Recovery recovery = new Recovery(parts, reclaimer);
        forgetFiles(control);
        TieredStore store = new TieredStore(parts, lock, mapped, reclaimer,
                adopt(recovery, remains.segments(), clean, index));
        serve(control, invalidations.epoch(), incarnation, bootId);
        store.rebuild();
        return store;
    }

    /** Holds what is found and written until the rebuild's own thread has made the index in the file. */
    private OpeningIndex indexToMake() throws IOException {
        long capacity = StoreSizes.indexCapacity(context.mappedCapacity());
        ChronicleIndex.reserve(paths.index(), capacity);
        return new OpeningIndex(capacity);
    }

    private static Recovery adopt(Recovery recovery, FoundSegments found, @Nullable CleanMarker clean,
            FrameIndex index) throws IOException {
        if (clean != null && !(index instanceof OpeningIndex)) {
            recovery.fromMarker(found, clean);
        } else {
            recovery.adoptAll(found);
        }
        return recovery;
    }

    /** The policy over what will lie in the segments, of which each learns how much of it is kept. */
    private EvictionPolicy policy(SegmentTable segments, long mostEntries) {
        long kept = StoreSizes.keptCapacity(context.mappedCapacity(),
                StoreSizes.segmentLength(context.mappedCapacity()));
        return new AdaptivePolicy(kept, mostEntries, random.nextLong(), (slot, deltaBytes) -> {
            Segment segment = segments.segment(slot);
            if (segment != null) {
                segment.addKeptBytes(deltaBytes);
            }
        });
    }

    private Invalidations invalidations(Remains remains, ControlFile control, String bootId) throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(context.maxPrefixes());
        long epoch = Math.max(remains.replay(prefixes), control.invalidationEpochVolatile());
        JournalHeader header = new JournalHeader(remains.storeId(), remains.openCount() + 1, epoch,
                prefixes.journalFloor(), bootId);
        Journal journal = opening(remains.takeOver(header, prefixes));
        return new Invalidations(control, journal, prefixes, header);
    }

    /** Refuses a capacity for which the disk has no room, beside what the segments take already. */
    static void refuseBeyondDisk(Path directory, long mappedCapacity, long taken) throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        long needed = mappedCapacity - taken;
        if (needed > usable) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "mappedCapacity=" + mappedCapacity + " needs "
                    + needed + " bytes more in " + directory + ", the disk has " + usable + " free");
        }
    }

    /** The index of a clean stop; null when it must be made anew. */
    private @Nullable FrameIndex reopenIndex(CleanMarker clean) {
        long capacity = StoreSizes.indexCapacity(context.mappedCapacity());
        if (clean.indexCapacity() != capacity || !Files.exists(paths.index())) {
            return null;
        }
        try {
            if (CleanMarker.crcOf(paths.index()) != clean.indexCrc()) {
                LOG.warn("the index is built anew from the segments: its checksum does not match");
                return null;
            }
            return ChronicleIndex.open(paths.index(), capacity);
        } catch (IOException e) {
            LOG.warn("the index is built anew from the segments: {}", e.getMessage());
            return null;
        }
    }

    /** Clients learn of segments as they are adopted. */
    private static void forgetFiles(ControlFile control) {
        for (int slot = 0; slot < control.slotCapacity(); slot++) {
            control.fileGenerationVolatile(slot, 0L);
        }
    }

    /** The last step: from here on clients may trust what they read. */
    private void serve(ControlFile control, long epoch, long incarnation, String bootId) {
        control.pid(ProcessHandle.current().pid());
        control.nonce(nonZero());
        control.invalidationEpochVolatile(epoch);
        control.boot(BootId.numberOf(bootId));
        control.clockMsOpaque(context.clock().nowMs());
        control.clockMomentNs(System.nanoTime());
        control.beginIncarnation(incarnation);
    }

    private long nonZero() {
        long value = random.nextLong();
        return value == 0L ? 1L : value;
    }

    private <T extends AutoCloseable> T opening(T part) {
        opened.push(part);
        return part;
    }

    private void closeAll() {
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("while giving up {}", paths.directory(), e);
            }
        }
    }
}
