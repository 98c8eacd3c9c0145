package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.segment.NoSpaceException;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentPreparer;
import io.tiercel.segment.SegmentTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds room for frames: behind the active segment's tail, in the next free segment, or, for a large frame, in a file of
 * its own. Keeps two segments free ahead, the last of them for frames that survive a reclaim; has new ones made while the
 * capacity allows and old ones reclaimed after. Single writer: the shard agent; it never waits: who cannot be served at
 * once is served, or refused, in a later turn.
 */
final class SpaceKeeper {
    /** Requests that may wait; the next is refused as OVERLOADED. */
    static final int MAX_PENDING = 4096;

    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Files refused by the disk, each after as much was given up for it, before a large frame is refused. */
    private static final int MOST_DISK_REFUSALS = 3;
    private static final long SEARCH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TIDY_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int FREE_AHEAD = 2;
    /** No segment may hold a larger part of the index, or giving one up would make little room in it. */
    private static final int PARTS_OF_INDEX = 16;

    private final StoreParts parts;
    private final SegmentTable segments;
    private final FramePublisher publisher;
    private final Reclaimer reclaimer;
    private final MappedTier mapped;
    private final int segmentLength;
    private final long mostFrames;
    private final ArrayDeque<Segment> free = new ArrayDeque<>();
    private final List<PendingAllocation> pending = new ArrayList<>();
    private final DiskRoom disk = new DiskRoom();
    private final Consumer<Segment> onReclaimed = this::onReclaimed;

    private long capacity;
    private @Nullable Segment active;
    private @Nullable Segment survivors;
    private long framesInActive;
    private int preparing;
    private boolean searchFailed;
    private long searchAgainNs;
    private long tidyNs;

    SpaceKeeper(StoreParts parts, MappedTier mapped, FramePublisher publisher, Reclaimer reclaimer) {
        this.parts = parts;
        this.mapped = mapped;
        this.segments = parts.segments();
        this.publisher = publisher;
        this.reclaimer = reclaimer;
        this.segmentLength = parts.segmentLength();
        // Tiny frames fill the index before the segment: giving up one segment must then make room in the index too.
        this.mostFrames = parts.index().capacity() / PARTS_OF_INDEX;
        reclaimer.survivors(this::roomForSurvivor);
        capacity(parts.context().mappedCapacity());
    }

    long capacity() {
        return capacity;
    }

    /** What segment files may take from now on; beyond it they are given up over the next turns. */
    void capacity(long bytes) {
        capacity = bytes;
        long room = StoreSizes.keptCapacity(bytes, segmentLength);
        long limit = parts.context().keptCapacity();
        long kept = limit == 0 ? room : Math.min(limit, room);
        parts.weights().keptCapacity(kept);
        parts.policy().capacity(kept);
    }

    /** Goes on writing in a sealed segment that was found with room; false when there is one to write in already. */
    boolean tryWriteOn(Segment segment) {
        if (active != null) {
            return false;
        }
        segments.reactivate(segment);
        active = segment;
        return true;
    }

    @Nullable
    Segment active() {
        return active;
    }

    int pendingCount() {
        return pending.size();
    }

    /** Asks for room; see {@link TieredStore#allocate}. */
    void allocate(FrameRequest request, AllocationListener listener) {
        if (request.payloadLength() > parts.context().maxFrame()) {
            listener.onRefused(ErrorCode.TOO_LARGE, "payloadLength=" + request.payloadLength() + " of "
                    + request.key() + " exceeds maxFrame=" + parts.context().maxFrame());
            return;
        }
        if (!request.isWellFormed()) {
            listener.onRefused(ErrorCode.INVALID_ARGUMENT, "not a frame: " + request);
            return;
        }
        long length = request.frameLength();
        boolean large = StoreSizes.isLarge(length, segmentLength);
        if (large && SegmentTable.largeSegmentLength(length) > capacity) {
            listener.onRefused(ErrorCode.TOO_LARGE,
                    "frameLength=" + length + " of " + request.key() + " exceeds mappedCapacity=" + capacity);
            return;
        }
        Segment segment = large ? null : roomFor((int) length);
        if (segment != null) {
            listener.onAllocated(publisher.allocate(request, segment));
        } else {
            placeOrQueue(new PendingAllocation(request, listener, (int) length, large));
        }
    }

    private void placeOrQueue(PendingAllocation waiting) {
        if (waiting.large && placeInDeadFile(waiting)) {
            return;
        }
        if (pending.size() >= MAX_PENDING) {
            parts.counters().refused++;
            waiting.listener.onRefused(ErrorCode.OVERLOADED,
                    "too many writes wait for room: pending=" + pending.size());
        } else {
            pending.add(waiting);
        }
    }

    /** Gives a large frame the file of one that is dead, where there is one of about its length: to make one takes longer. */
    private boolean placeInDeadFile(PendingAllocation owner) {
        Segment dead = segments.fileBytes() <= capacity ? reclaimer.takeDead(owner.frameLength) : null;
        if (dead == null) {
            return false;
        }
        segments.recycle(dead);
        placeLarge(owner, dead);
        return true;
    }

    private @Nullable Segment roomFor(int frameLength) {
        Segment current = active;
        if (current != null && current.room() >= frameLength && framesInActive < mostFrames) {
            framesInActive++;
            return current;
        }
        boolean reserved = free.size() == 1 && !searchFailed;
        Segment next = reserved ? null : free.poll();
        if (next != null) {
            sealActive();
            segments.activate(next);
            active = next;
            framesInActive = 1;
        }
        return next;
    }

    private void sealActive() {
        if (active != null) {
            segments.seal(active);
            active = null;
        }
    }

    private @Nullable Segment roomForSurvivor(int frameLength) {
        Segment current = survivors;
        if (current != null && current.room() >= frameLength) {
            return current;
        }
        Segment next = free.poll();
        if (next != null) {
            sealSurvivors();
            segments.activate(next);
            survivors = next;
        }
        return next;
    }

    private void sealSurvivors() {
        if (survivors != null) {
            segments.seal(survivors);
            survivors = null;
        }
    }

    /** A segment's file was cut short: nothing is written to it or taken back from it any more. */
    void forget(Segment segment) {
        active = active == segment ? null : active;
        survivors = survivors == segment ? null : survivors;
        free.remove(segment);
        reclaimer.forget(segment);
    }

    /** What waits to be written for a key is older than an invalidation of it. */
    void supersede(Key key) {
        for (PendingAllocation waiting : pending) {
            if (waiting.request.key().equals(key)) {
                waiting.superseded = true;
            }
        }
    }

    /** One turn. Answers a work count. */
    int doWork(long nowNs) {
        int work = takePrepared(nowNs);
        work += reclaimer.doWork(onReclaimed);
        work += servePending(nowNs);
        work += makeRoom(nowNs);
        if (nowNs - tidyNs >= TIDY_INTERVAL_NS) {
            tidyNs = nowNs;
            work += tidy();
        }
        return work;
    }

    private int takePrepared(long nowNs) {
        int work = 0;
        SegmentPreparer.Prepared prepared;
        while ((prepared = parts.preparer().poll()) != null) {
            work++;
            Segment segment = segments.install(prepared);
            PendingAllocation owner = ownerOf(prepared.slot());
            preparing -= owner == null ? 1 : 0;
            if (segment == null) {
                onDiskRefused(nowNs, prepared);
            } else {
                disk.onMade(prepared.slot());
                if (!disk.isFull()) {
                    parts.health().clear(TierHealth.Trouble.NO_NEW_FILES);
                }
                if (owner == null) {
                    free.add(segment);
                } else {
                    placeLarge(owner, segment);
                }
            }
        }
        return work;
    }

    private @Nullable PendingAllocation ownerOf(int slot) {
        for (PendingAllocation waiting : pending) {
            if (waiting.slot == slot) {
                return waiting;
            }
        }
        return null;
    }

    private void onDiskRefused(long nowNs, SegmentPreparer.Prepared prepared) {
        parts.health().raise(TierHealth.Trouble.NO_NEW_FILES,
                "no new segment file, what is there is used instead: " + prepared.failure());
        boolean full = prepared.failure() instanceof NoSpaceException;
        boolean given = disk.onRefused(nowNs, prepared.slot(), full);
        PendingAllocation owner = ownerOf(prepared.slot());
        if (owner != null) {
            owner.slot = SegmentTable.NO_SLOT;
            owner.diskRefusals += given ? 1 : 0;
            if (!full || owner.diskRefusals == MOST_DISK_REFUSALS) {
                pending.remove(owner);
                refuse(owner, full ? "the disk is full" : "the disk failed, " + prepared.failure());
            }
        }
    }

    private void placeLarge(PendingAllocation owner, Segment segment) {
        pending.remove(owner);
        Allocation allocation = null;
        try {
            segments.activate(segment);
            allocation = publisher.allocate(owner.request, segment);
            segments.seal(segment);
        } catch (InternalError e) {
            // Its file was cut short: its owner hears of it, and nobody writes there.
            parts.health().onFault();
            parts.counters().refused++;
            if (allocation != null) {
                allocation.abort();
            }
            owner.listener.onRefused(ErrorCode.NO_SPACE, "the file for " + owner.request.key()
                    + " was cut short on the disk");
            return;
        }
        hand(owner, allocation);
    }

    private static void hand(PendingAllocation owner, Allocation allocation) {
        if (owner.superseded) {
            allocation.supersede();
        }
        owner.listener.onAllocated(allocation);
    }

    private int servePending(long nowNs) {
        if (pending.isEmpty()) {
            return 0;
        }
        int work = 0;
        for (PendingAllocation next : List.copyOf(pending)) { // listeners may ask for more meanwhile
            Segment room = next.large ? null : roomFor(next.frameLength);
            if (room != null) {
                Allocation allocation = publisher.allocate(next.request, room);
                pending.remove(next);
                hand(next, allocation);
                work++;
            } else if (next.large && next.slot == SegmentTable.NO_SLOT && mayPrepare(nowNs, largeLength(next))) {
                next.slot = ask(nowNs, largeLength(next));
                work++;
            } else if (next.large && next.slot == SegmentTable.NO_SLOT && disk.isFailed()) {
                pending.remove(next);
                refuse(next, "the disk failed");
                work++;
            } else if (next.isOverdue(nowNs, PATIENCE_NS) && !isProgressing(next)) {
                pending.remove(next);
                refuse(next, disk.isFull() ? "the disk is full" : "leases, reads and writes hold every segment");
                work++;
            }
        }
        return work;
    }

    private static int largeLength(PendingAllocation waiting) {
        return (int) SegmentTable.largeSegmentLength(waiting.frameLength);
    }

    private boolean mayPrepare(long nowNs, int length) {
        return segments.fileBytes() + length <= capacity && disk.mayAsk(nowNs, length);
    }

    /** Asks for a file. Answers its slot, or none when every one is taken. */
    private int ask(long nowNs, int length) {
        int slot = segments.prepare(length);
        if (slot != SegmentTable.NO_SLOT) {
            disk.onAsked(nowNs, slot, length);
        }
        return slot;
    }

    /** Whether room may still come: between two reclaims nothing is on its way, but the next is about to begin. */
    private boolean isProgressing(PendingAllocation waiting) {
        return waiting.slot != SegmentTable.NO_SLOT || preparing > 0 || segments.isRecovering() || !searchFailed
                || reclaimer.comingBytes() > 0;
    }

    private void refuse(PendingAllocation refused, String why) {
        parts.counters().refused++;
        if (!disk.isFull()) {
            parts.health().raise(TierHealth.Trouble.ALL_PINNED, "no room for a frame: " + why);
        }
        refused.listener.onRefused(ErrorCode.NO_SPACE, "no room for frameLength=" + refused.frameLength + " of "
                + refused.request.key() + ": " + why + ", fileBytes=" + segments.fileBytes() + " of " + capacity);
    }

    /** Asks for files and reclaims ahead of need. */
    private int makeRoom(long nowNs) {
        long wanted = wantedBytes();
        long beyond = segments.fileBytes() - capacity;
        if (wanted > 0 || beyond > 0) {
            return shrink(Math.max(wanted, beyond), nowNs);
        }
        if (free.size() + preparing < FREE_AHEAD) {
            return mayPrepare(nowNs, segmentLength) && prepareRegular(nowNs) > 0 ? 1 : reclaimOne(nowNs);
        }
        return mapped.isIndexTight() ? reclaimOne(nowNs) : 0;
    }

    /** Gives back what nobody needs: dead frames, and files beyond those that are kept ahead. */
    private int tidy() {
        sealTheDead();
        if (reclaimer.isIdle() && reclaimer.beginWasted()) {
            return 1;
        }
        if (free.size() + preparing > FREE_AHEAD && pending.isEmpty()) {
            giveUp(free.removeLast());
            return 1;
        }
        return 0;
    }

    private void sealTheDead() {
        if (active != null && isDead(active)) {
            sealActive();
        }
        if (survivors != null && isDead(survivors)) {
            sealSurvivors();
        }
    }

    private static boolean isDead(Segment segment) {
        return segment.liveBytes() == 0 && segment.deadBytes() > 0 && !segment.isWritten();
    }

    private int prepareRegular(long nowNs) {
        if (ask(nowNs, segmentLength) == SegmentTable.NO_SLOT) {
            return 0;
        }
        preparing++;
        return 1;
    }

    /** Bytes that large frames still lack; a full disk gives none but those of files that go. */
    private long wantedBytes() {
        long room = capacity - segments.fileBytes();
        long given = disk.isFull() ? Math.min(room, disk.givenBytes()) : room;
        long wanted = 0;
        for (PendingAllocation waiting : pending) {
            if (waiting.large && waiting.slot == SegmentTable.NO_SLOT && !disk.isFailed()) {
                wanted = Math.max(wanted, largeLength(waiting) - given);
            }
        }
        return wanted;
    }

    /** Makes room for files: the file of what is evicted may suit a frame that waits, one of those kept free never does. */
    private int shrink(long bytes, long nowNs) {
        if (reclaimer.comingBytes() >= bytes) {
            return 0;
        }
        boolean isBeyond = segments.fileBytes() > capacity;
        int begun = isBeyond && !free.isEmpty() ? 0 : begin(nowNs);
        Segment spare = begun > 0 ? null : free.poll();
        if (spare != null) {
            giveUp(spare);
            begun = 1;
        }
        return begun;
    }

    private int reclaimOne(long nowNs) {
        return reclaimer.comingBytes() > 0 ? 0 : begin(nowNs);
    }

    private int begin(long nowNs) {
        if (searchFailed && nowNs - searchAgainNs < 0) {
            return 0;
        }
        searchFailed = !beginReclaim() && !reclaimActive();
        searchAgainNs = nowNs + SEARCH_INTERVAL_NS;
        return searchFailed ? 0 : 1;
    }

    /** The file of a large frame makes room for nobody on a disk that gives no other for it. */
    private boolean beginReclaim() {
        return disk.isFailed() ? reclaimer.beginRegular() : reclaimer.begin();
    }

    /** The last resort of those who wait. */
    private boolean reclaimActive() {
        Segment current = active;
        if (current == null || pending.isEmpty() || !segments.isQuiet(current)) {
            return false;
        }
        sealActive();
        return beginReclaim();
    }

    private void onReclaimed(Segment segment) {
        PendingAllocation suited = suitedBy(segment);
        boolean isRegular = segment.fileLength() == segmentLength;
        if (segments.fileBytes() > capacity || (suited == null && (!isRegular || wantedBytes() > 0))) {
            giveUp(segment);
            return;
        }
        segments.recycle(segment);
        if (suited == null) {
            free.add(segment);
        } else {
            placeLarge(suited, segment);
        }
    }

    /** The first large frame that waits and may have the file of another; null when there is none. */
    private @Nullable PendingAllocation suitedBy(Segment segment) {
        for (PendingAllocation waiting : pending) {
            boolean lacksFile = waiting.large && waiting.slot == SegmentTable.NO_SLOT;
            if (lacksFile && segment.fileLength() != segmentLength
                    && StoreSizes.suits(segment.fileLength(), waiting.frameLength)) {
                return waiting;
            }
        }
        return null;
    }

    /** Gives a file back to the disk; a full one is asked for a file again once that much was given. */
    private void giveUp(Segment segment) {
        disk.onGivenUp(segment.fileLength());
        segments.remove(segment);
    }

    /** Refuses everybody who waits. */
    void close() {
        reclaimer.close();
        List<PendingAllocation> refused = List.copyOf(pending);
        pending.clear();
        for (PendingAllocation waiting : refused) {
            waiting.listener.onRefused(ErrorCode.NODE_UNAVAILABLE, "the node stops");
        }
    }
}
