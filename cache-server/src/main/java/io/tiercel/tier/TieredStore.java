package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.index.OpeningIndex;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of one shard: frames on the heap in front of frames in mapped segments, found by key, dropped by key and by
 * prefix, kept across restarts.
 *
 * <p>Single writer: the shard agent; nothing here blocks it, and finding a frame neither locks nor allocates.
 */
public final class TieredStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TieredStore.class);
    private static final long BEAT_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int MOST_GROWTH = 4;
    private static final long UPKEEP_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final StoreParts parts;
    private final LockFile lock;
    private final MappedTier mapped;
    private final FrameFinder finder;
    private final FramePublisher publisher;
    private final SpaceKeeper space;
    private final Sweeper sweeper;
    private final Touches touches;
    private final PinQuotas quotas;
    private final MemoryFaults faults;
    private final @Nullable Rebuild rebuild;
    private long ownerId;
    private boolean worked;
    private long beatNs;
    private long upkeepNs;
    private boolean closed;

    TieredStore(StoreParts parts, LockFile lock, MappedTier mapped, Reclaimer reclaimer, Recovery recovery) {
        this.parts = parts;
        this.lock = lock;
        this.mapped = mapped;
        this.finder = new FrameFinder(parts, mapped);
        this.publisher = new FramePublisher(parts, mapped, recovery.nextSequence());
        this.space = new SpaceKeeper(parts, mapped, publisher, reclaimer);
        this.sweeper = new Sweeper(parts, mapped, recovery.unscanned().isEmpty());
        this.touches = new Touches(parts, mapped);
        this.quotas = new PinQuotas(parts);
        this.faults = new MemoryFaults(parts, space);
        if (recovery.active() != null) {
            space.tryWriteOn(recovery.active());
        }
        this.rebuild = parts.index() instanceof OpeningIndex index
                ? new Rebuild(parts, mapped, reclaimer, recovery.unscanned(), index, space::tryWriteOn)
                : null;
    }

    /** Begins to find again what segments hold, and goes on with it in {@link #doWork}. */
    void rebuild() {
        if (rebuild != null) {
            rebuild.start();
        }
    }

    /** Has ready what every store needs of the system, before it is needed. Any thread, at any time. */
    public static void preload() {
        DiskSpace.preload();
    }

    /**
     * Takes the directory and recovers what it holds.
     *
     * @throws TiercelException NODE_UNAVAILABLE when a living node holds the directory, named by its pid, or when it
     *         cannot be read or written; NO_SPACE when the disk has no room for the fixed files; BAD_CONFIGURATION when
     *         the capacity exceeds the free disk; CORRUPT when a file is of a newer layout version. Except for NO_SPACE
     *         nothing in the directory was changed then.
     */
    public static TieredStore open(StoreContext context) {
        return new StoreOpener(context).open();
    }

    /** The time that its frames expire by. Threadsafe. */
    public Clock clock() {
        return parts.clock();
    }

    /** What clients on the host read; unmapped by {@link #close()}. */
    public ControlFile control() {
        return parts.control();
    }

    /**
     * Finds a frame that is valid now. Counts a hit or a miss, promotes; allocates nothing on a hit. What lies behind the
     * end of a file that somebody cut short is a miss.
     */
    public boolean find(DirectBuffer key, int offset, int length, FrameView out) {
        assert ownerThread();
        try {
            return finder.find(key, offset, length, out);
        } catch (InternalError e) {
            onMemoryFault();
            return false;
        }
    }

    /** As {@link #find}, without counting and promoting. */
    public boolean peek(DirectBuffer key, int offset, int length, FrameView out) {
        assert ownerThread();
        try {
            return finder.peek(key, offset, length, out);
        } catch (InternalError e) {
            onMemoryFault();
            return false;
        }
    }

    /** As {@link #peek}, a frame as well that has expired and is retained; {@link StoreContext#retention} says how long. */
    public boolean peekStale(DirectBuffer key, int offset, int length, FrameView out) {
        assert ownerThread();
        try {
            return finder.peekStale(key, offset, length, out);
        } catch (InternalError e) {
            onMemoryFault();
            return false;
        }
    }

    /**
     * Has a frame expire later, since it is still what its store has. The view must be of the latest find or peek.
     *
     * @return whether it will: not when the frame has left the mapped tier, or too many were renewed.
     */
    public boolean renew(FrameView frame, long expiresAtMs) {
        assert ownerThread();
        return finder.renew(frame, expiresAtMs);
    }

    /** Waits for the index in the file; for tests that count on it. */
    void awaitIndex() {
        if (rebuild != null) {
            rebuild.awaitIndex();
        }
    }

    /** Whether frames of the node before may still be found: until then a key that is not found may be there. */
    public boolean isRebuilding() {
        return parts.segments().isRecovering() && !parts.health().isOff();
    }

    /** Rises with each frame that a rebuild finds. */
    public long rebuiltFrames() {
        return rebuild == null ? 0L : rebuild.frameCount();
    }

    /** Asks for room; the listener hears inline, or later from {@link #doWork}. */
    public void allocate(FrameRequest request, AllocationListener listener) {
        assert ownerThread();
        if (closed) {
            listener.onRefused(ErrorCode.NODE_UNAVAILABLE, "the node stops");
            return;
        }
        if (parts.health().isOff()) {
            parts.counters().refused++;
            listener.onRefused(ErrorCode.NO_SPACE, "the mapped tier is off: " + parts.health().reason());
            return;
        }
        AnswerOnce answer = new AnswerOnce(listener);
        try {
            space.allocate(request, answer);
        } catch (InternalError e) {
            onMemoryFault();
            answer.refuse("the memory of its frame was cut short on the disk");
        }
    }

    /**
     * A touch of mapped memory failed with an InternalError: somebody cut a file short. Finds out which, and takes it out
     * of service.
     */
    public void onMemoryFault() {
        assert ownerThread();
        if (parts.readers().forgetCutShort() == 0) {
            faults.inspectNow();
        } else {
            LOG.warn("a client cut its reader file short: its pins count no more");
        }
    }

    /**
     * Drops the key's frame, and what is being written for it. While a rebuild goes on it is journalled, so that it covers
     * frames that nobody has found yet.
     *
     * @return whether a live frame is known to have been there.
     * @throws TiercelException NO_SPACE when it has to be journalled and cannot: it may come back then.
     */
    public boolean invalidate(Key key) {
        assert ownerThread();
        publisher.supersede(key);
        space.supersede(key);
        boolean heaped = finder.drop(key);
        boolean found;
        try {
            found = (!parts.health().isOff() && mapped.remove(key)) || heaped;
        } catch (InternalError e) {
            onMemoryFault(); // what was there is out of service now, and with it the key's frame
            found = true;
        }
        if (isRebuilding()) {
            parts.invalidations().invalidateKey(key);
        }
        return found;
    }

    /**
     * Drops everything at and under a prefix, at the same cost whatever is there. Answers the new epoch.
     *
     * @throws TiercelException NO_SPACE when it cannot be journalled; nothing changed then.
     */
    public long invalidatePrefix(Key prefix) {
        assert ownerThread();
        return parts.invalidations().invalidatePrefix(prefix);
    }

    /**
     * Drops everything at and under the prefixes of mounts that have another store now, but what lies in mounts that keep
     * theirs. Answers the new epoch; errors as {@link #invalidatePrefix}.
     *
     * @param replaced empty for the root.
     * @param kept     prefixes of mounts under them.
     */
    public long replaceStores(List<String> replaced, List<String> kept) {
        assert ownerThread();
        return parts.invalidations().replaceStores(replaced, kept);
    }

    /** Drops everything. Answers the new epoch; errors as {@link #invalidatePrefix}. */
    public long invalidateAll() {
        assert ownerThread();
        long epoch = parts.invalidations().invalidateAll();
        parts.heap().clear();
        return epoch;
    }

    /** Epoch of the last invalidation by prefix: what a load notes as it begins. */
    public long epoch() {
        return parts.invalidations().epoch();
    }

    /** Whether what a load begun at that epoch brings would be dead by now. */
    public boolean isStale(Key key, long loadEpoch) {
        return parts.invalidations().isLoadStale(key, loadEpoch);
    }

    /**
     * Makes a reader file for a client that is to map. Answers its number.
     *
     * @throws TiercelException OVERLOADED beyond the configured number of readers, NO_SPACE when the disk is full.
     */
    public int grantReader() {
        assert ownerThread();
        return parts.readers().grant();
    }

    /** Whether the client has taken the lock of its reader file: only then is it sent descriptors. */
    public boolean attachReader(int number) {
        assert ownerThread();
        return parts.readers().attach(number);
    }

    /** The client's session is over: its file goes as soon as its lock is free, its pins count until then. */
    public void releaseReader(int number) {
        assert ownerThread();
        parts.readers().release(number);
    }

    /** Bytes of the segments that a reader's leases keep from being reused. */
    public long readerPinnedBytes(int number) {
        assert ownerThread();
        return parts.segments().pinnedBytes(number);
    }

    /**
     * Why a reader may not be told where the frame of the latest find or peek lies, for people; empty when it may. A
     * reader is refused when the frame's segment would take its leases beyond its pin quota.
     */
    public String leaseRefusal(int number, FrameView frame) {
        assert ownerThread();
        return quotas.refusal(number, frame);
    }

    /** Whether a reader pinned more than its quota, and is over: its session is to be closed. */
    public boolean isReaderRevoked(int number) {
        assert ownerThread();
        return parts.readers().isRevoked(number);
    }

    /** Reads of mapped clients that the node was told of by their touch rings. */
    long touches() {
        return parts.counters().touches;
    }

    /** Keeps a frame's bytes as they are until {@link #unpin}. The view must be of the latest find or peek. */
    public Pinned pin(FrameView frame) {
        assert ownerThread();
        Pinned pinned = new Pinned(frame);
        Segment segment = pinned.segment();
        if (segment != null) {
            segment.pin();
        }
        PassedFrame passed = pinned.passed();
        if (passed != null) {
            passed.hold();
        }
        return pinned;
    }

    /** Lets go of a pinned frame; a second time is counted and does nothing. */
    public void unpin(Pinned pinned) {
        assert ownerThread();
        if (!pinned.tryRelease()) {
            parts.counters().foreignReleases++;
            return;
        }
        Segment segment = pinned.segment();
        if (segment != null) {
            segment.unpin();
        }
        PassedFrame passed = pinned.passed();
        if (passed != null) {
            passed.letGo();
        }
    }

    /** A bounded slice of what is due: prepared files, reclaim, sweeping, dead readers, clock. Answers a work count. */
    public int doWork(long nowNs) {
        if (!worked) {
            worked = true;
            ownerId = Thread.currentThread().threadId();
            beatNs = nowNs - BEAT_INTERVAL_NS;
            upkeepNs = nowNs;
        }
        assert ownerThread();
        if (closed) {
            return 0;
        }
        try {
            return turn(nowNs);
        } catch (InternalError e) {
            onMemoryFault();
            return 1;
        }
    }

    private int turn(long nowNs) {
        finder.onTurn(nowNs);
        int work = faults.doWork(nowNs) + quotas.doWork(nowNs);
        if (!parts.health().isOff()) {
            touches.doWork(nowNs);
            work += space.doWork(nowNs) + sweeper.doWork(nowNs) + (rebuild == null ? 0 : rebuild.doWork());
        }
        if (nowNs - beatNs >= BEAT_INTERVAL_NS) {
            beatNs = nowNs;
            parts.control().clockMsOpaque(parts.clock().nowMs());
            parts.control().clockMomentNs(System.nanoTime());
            parts.control().beatOpaque(parts.control().beatOpaque() + 1);
        }
        if (nowNs - upkeepNs >= UPKEEP_INTERVAL_NS) {
            upkeepNs = nowNs;
            work += parts.readers().checkNext() + parts.invalidations().compactWhenDue();
        }
        return work;
    }

    /** The counters now. */
    public TierSnapshot snapshot() {
        assert ownerThread();
        StoreCounters counters = parts.counters();
        long[] weight = {mapped.entries() * Weights.INDEX_FOOTPRINT};
        long[] live = new long[1];
        long[] pinned = new long[1];
        parts.segments().forEach(segment -> {
            weight[0] += segment.liveBytes() + segment.deadBytes();
            live[0] += segment.liveBytes();
            pinned[0] += parts.segments().isPinned(segment) ? segment.fileLength() : 0;
        });
        TierSnapshot.Mapped mappedTier = new TierSnapshot.Mapped(space.capacity(), weight[0], live[0],
                parts.policy().keptBytes(), parts.segments().fileBytes(), mapped.entries(), counters.mappedHits,
                counters.keptHits, counters.misses, counters.evictions, pinned[0], parts.segments().count(),
                counters.damaged, counters.refused, space.pendingCount(), publisher.outstandingCount(),
                parts.health().state(), parts.health().reason());
        return new TierSnapshot(parts.heap().snapshot(counters.heapHits, counters.heapMisses), mappedTier,
                new TierSnapshot.Leases(counters.touches, counters.quotaRefusals, counters.revokedReaders,
                        counters.foreignReleases), epoch(), parts.invalidations().prefixes(), rebuildSnapshot());
    }

    private TierSnapshot.Rebuild rebuildSnapshot() {
        return rebuild == null
                ? new TierSnapshot.Rebuild(false, 0, 0, 0)
                : new TierSnapshot.Rebuild(rebuild.isRunning(), rebuild.segmentCount(), rebuild.walkedCount(),
                        rebuild.frameCount());
    }

    /** Bytes that segment files may take. */
    public long mappedCapacity() {
        assert ownerThread();
        return space.capacity();
    }

    /**
     * Changes the capacity of the mapped tier while it serves. Beyond a smaller one segments are given up over the next
     * turns, what is least worth keeping first. The index keeps its number of entries until the next start.
     *
     * @throws TiercelException BAD_CONFIGURATION below {@link StoreContext#MIN_MAPPED_CAPACITY}, below what the largest
     *         frame needs, above four times the capacity at the start, or beyond the free disk.
     */
    public void mappedCapacity(long bytes) {
        assert ownerThread();
        long most = parts.context().mappedCapacity() * MOST_GROWTH;
        long least = Math.max(StoreContext.MIN_MAPPED_CAPACITY, parts.context().maxFrame());
        if (bytes < least || bytes > most) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "mappedCapacity=" + bytes + ": expected " + least
                    + " to " + most + " bytes; beyond that the node must be started anew");
        }
        try {
            StoreOpener.refuseBeyondDisk(parts.paths().directory(), bytes, parts.segments().fileBytes());
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.INTERNAL, "the disk does not tell its free space: " + e, e);
        }
        space.capacity(bytes);
    }

    /** Largest payload that is accepted. */
    public long maxFrame() {
        return parts.context().maxFrame();
    }

    /**
     * Forces everything to disk, marks the stop as clean, gives the directory up. Waits for nobody: a mapping that is
     * still written to or pinned in this process stays mapped, and its file is dropped. A second call does nothing.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        publisher.close();
        space.close();
        boolean indexed = rebuild == null || rebuild.close();
        parts.control().incarnationVolatile(0L);
        parts.preparer().close();
        parts.segments().dropBusy();
        try {
            if (indexed) {
                markClean();
            } else {
                closeUnmarked();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} was not stopped cleanly, the next start rebuilds its index: {}", parts.paths().directory(),
                    e.toString());
        } finally {
            // The lock last: who takes it finds nothing of ours mapped.
            CloseHelper.closeAll(parts.segments()::close, parts.policy(), parts.readers(), parts.control(), lock);
        }
    }

    private void markClean() throws IOException {
        Path index = parts.paths().index();
        parts.index().close();
        parts.invalidations().close();
        parts.segments().force();
        force(index);
        CleanMarker marker = new CleanMarker(parts.storeId(), parts.openCount(), publisher.nextSequence(),
                parts.index().capacity(), CleanMarker.crcOf(index), CleanMarker.rowsOf(parts.segments()), false);
        marker.write(parts.paths().cleanMarker());
    }

    private void closeUnmarked() throws IOException {
        LOG.info("{} is stopped before its index was rebuilt, the next start rebuilds it", parts.paths().directory());
        parts.index().close();
        parts.invalidations().close();
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The thread of the first turn owns the store from then on; who opened it may prepare it before. */
    private boolean ownerThread() {
        return !worked || ownerId == Thread.currentThread().threadId();
    }
}
