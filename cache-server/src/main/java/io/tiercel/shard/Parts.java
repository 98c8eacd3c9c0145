package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.Sizes;
import io.tiercel.load.StoreCalls;
import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are no single frame: kept in pages under a manifest, or passed on to their readers unkept. Single writer:
 * shard agent.
 *
 * <p>A page is read under If-Match of the manifest's ETag, and found through the manifest's version: so parts of two
 * versions never meet, and dropping the manifest drops the pages.
 */
final class Parts {
    /** Objects on their way to readers past the cache; each takes a few chunks of heap. */
    static final int MAX_STREAMS = (int) Math.max(4, Math.min(64, Runtime.getRuntime().maxMemory() / 8
            / (4L * PassedStream.CHUNK_LENGTH)));

    /** From then on a stream that its reader leaves alone is closed when another needs its place. */
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(10);

    private final TieredStore tiers;
    private final StoreCalls calls;
    private final Clock clock;
    private final long pageDeadlineNs;
    private final Loads loads;
    private final Freshener freshener;
    private final Map<Long, PageFill> fills = new HashMap<>();
    private final FrameView view = new FrameView();
    /** Passed on now; who was begun first comes first. */
    private final Set<PassedStream> streams = new LinkedHashSet<>();
    private final Arriving.Budget early = new Arriving.Budget(MAX_STREAMS);
    private long passed;

    Parts(TieredStore tiers, StoreCalls calls, Clock clock, long pageDeadlineNs, Loads loads, Freshener freshener) {
        this.freshener = freshener;
        this.tiers = tiers;
        this.calls = calls;
        this.clock = clock;
        this.pageDeadlineNs = pageDeadlineNs;
        this.loads = loads;
    }

    /** Streams that were begun. */
    long passed() {
        return passed;
    }

    int streams() {
        return streams.size();
    }

    int fills() {
        return fills.size();
    }

    /** The manifest of an object that is kept in pages, in the view, else null. */
    @Nullable
    Manifest find(Key key, FrameView out) {
        Key manifestKey = Manifest.keyOf(key);
        return manifestKey != null && tiers.find(manifestKey.buffer(), 0, manifestKey.length(), out)
                ? Manifest.of(key, out)
                : null;
    }

    /** No read that begins from now on sees the pages that the object has, nor what is passed on of it. */
    void drop(Key key) {
        streams.stream().filter(stream -> stream.key().equals(key)).forEach(PassedStream::overtake);
        Key manifestKey = Manifest.keyOf(key);
        if (manifestKey == null) {
            return;
        }
        loads.detachLoad(manifestKey);
        if (tiers.isRebuilding() || tiers.peek(manifestKey.buffer(), 0, manifestKey.length(), view)) {
            tiers.invalidate(manifestKey);
        }
        List.copyOf(fills.values()).stream().filter(fill -> fill.manifest.key().equals(key)).forEach(PageFill::cancel);
    }

    /** The same of all keys that are dropped, with their frames. */
    void dropAll(Predicate<Key> dropped) {
        streams.stream().filter(stream -> dropped.test(stream.key())).forEach(PassedStream::overtake);
        List.copyOf(fills.values()).stream().filter(fill -> dropped.test(fill.manifest.key())).forEach(
                PageFill::cancel);
    }

    int checkDeadlines(long nowNs) {
        int work = 0;
        for (PageFill fill : List.copyOf(fills.values())) {
            work += fill.check(nowNs);
        }
        return work;
    }

    /** Goes on with an object that was opened, where it is no single frame; else answers false. */
    boolean tryTake(Load load, ObjectRead read) {
        ObjectInfo info = read.info();
        if (load.wanted.kind() == Wanted.Kind.PAGE) {
            return false;
        }
        if (load.wanted.kind() == Wanted.Kind.STREAM) {
            passOn(load, read);
            return true;
        }
        Sizes sizes = load.mount.policy().sizes();
        long total = info.length();
        boolean isWhole = load.wanted.options().isWhole();
        boolean hasAll = isWhole || (read.offset() == 0 && read.length() == total);
        boolean isFrame = hasAll && total <= Math.min(sizes.maxObject(), tiers.maxFrame());
        if (isFrame && (total <= sizes.pageThreshold() || !isPageable(load, info))) {
            load.frameKey = load.wanted.object();
            return false;
        }
        if (isPageable(load, info) && (!isWhole || total <= sizes.maxObject())) {
            keepInPages(load, read);
        } else {
            passOn(load, read);
        }
        return true;
    }

    private boolean isPageable(Load load, ObjectInfo info) {
        String etag = info.etag();
        Key longest = Manifest.ofNew(load.wanted.object(), info.length(), 1, "").pageKey(Long.MAX_VALUE);
        return canRange(load.mount) && etag != null && etag.startsWith("\"") && !info.isRacilyClean()
                && longest != null && Key.MAX_LENGTH - longest.length() >= Long.BYTES * 2;
    }

    private static boolean canRange(Mount mount) {
        return mount.can(Capability.RANGE) && mount.can(Capability.CONDITIONAL);
    }

    private int pageSizeOf(Mount mount) {
        return (int) Math.min(mount.policy().sizes().pageSize(), tiers.maxFrame());
    }

    private void keepInPages(Load load, ObjectRead read) {
        ObjectInfo info = read.info();
        String etag = Objects.requireNonNull(info.etag());
        Manifest manifest = Manifest.ofNew(load.wanted.object(), info.length(), pageSizeOf(load.mount), etag);
        long ttlMs = freshener.ttlMs(load.mount, info);
        load.state(Load.State.ALLOCATING);
        Key manifestKey = Objects.requireNonNull(Manifest.keyOf(manifest.key()));
        tiers.allocate(new FrameRequest(manifestKey, Manifest.LENGTH, etag.length(), Objects.requireNonNullElse(info
                .contentType(), ""), ttlMs, info.lastModifiedMs(), load.epoch),
                new AllocationListener() {
                    @Override
                    public void onAllocated(Allocation allocation) {
                        begin(load, read, manifest, allocation, ttlMs);
                    }

                    @Override
                    public void onRefused(ErrorCode code, String message) {
                        if (code == ErrorCode.NO_SPACE) {
                            passOn(load, read);
                        } else {
                            loads.settle(load, new TiercelException(code, message));
                        }
                    }
                });
    }

    private void begin(Load load, ObjectRead read, Manifest manifest, Allocation allocation, long ttlMs) {
        if (load.isExpired) {
            allocation.abort();
            loads.settle(load, Loads.timedOut(load));
            return;
        }
        allocation.payloadByteBuffer().put(manifest.encoded());
        int crc = new ContentHash().update(manifest.encoded()).crc();
        if (load.isDetached || !allocation.publish(crc, manifest.etag())) {
            allocation.abort();
            loads.overtaken(load);
            return;
        }
        PageFill fill = new PageFill(manifest, ttlMs, load, read, tiers, calls, clock, pageDeadlineNs, ended -> fills
                .remove(
                        manifest.version()));
        fills.put(manifest.version(), fill);
        List<Load.Waiter> waiters = loads.handOver(load);
        fill.next();
        waiters.forEach(waiter -> waiter.handler.onPages());
    }

    /** What readers are given of a body before its frame is whole; null for nothing. */
    @Nullable
    Arriving arriving(Load load, Allocation allocation, ObjectInfo info) {
        return Arriving.of(load, allocation, info, calls, clock, early);
    }

    /** Gives an object that is not kept to one of those who wait, and tells the others to ask for themselves. */
    void passOn(Load load, ObjectRead read) {
        if (streams.size() >= MAX_STREAMS && !closeIdle()) {
            loads.settle(load, new TiercelException(ErrorCode.OVERLOADED,
                    "too many objects that are not kept are being read: streams=" + streams.size(), 1000, null));
            return;
        }
        List<Load.Waiter> waiters = loads.handOver(load);
        calls.release(load.mount);
        PassedStream stream = new PassedStream(read, load.wanted.object(), load.mount, calls, clock, streams::remove);
        streams.add(stream);
        if (load.isDetached) {
            stream.overtake();
        }
        boolean isTaken = false;
        for (Load.Waiter waiter : waiters) {
            isTaken |= waiter.handler.onStream(isTaken ? null : stream);
        }
        if (isTaken) {
            passed++;
        } else {
            stream.close();
        }
    }

    /** Makes room for a stream: a reader that has asked for nothing for long has to begin anew where it was. */
    private boolean closeIdle() {
        long limitNs = clock.nowNs() - IDLE_NS;
        for (PassedStream stream : streams) {
            if (stream.isIdleSince(limitNs)) {
                streams.remove(stream);
                stream.close();
                return true;
            }
        }
        return false;
    }

    /** Reads a part of an object under a mount with a store, from wherever it is. */
    void read(Reading reading, Mount mount, ReadBounds bounds, PartHandler handler) {
        new Ask(reading, mount, bounds, handler).go();
    }

    /** What a read of a part wants. */
    record ReadBounds(long position, long maxLength, String ifMatch, long deadlineNs) {}

    /** One read of a part, over as many tries as it takes. */
    private final class Ask implements ReadHandler, PageFill.Waiter {
        /** Manifests that a read may see go before it is told to come back. */
        private static final int MAX_TRIES = 8;

        private final Reading reading;
        private final Key key;
        private final Mount mount;
        private final ReadBounds bounds;
        private final PartHandler handler;
        private int tries;
        /** Where what is being loaded begins, and how long the object is; of a page. */
        private long partPosition;
        private long totalLength;

        Ask(Reading reading, Mount mount, ReadBounds bounds, PartHandler handler) {
            this.reading = reading;
            this.key = reading.key;
            this.mount = mount;
            this.bounds = bounds;
            this.handler = handler;
        }

        void go() {
            PassedStream stream = reading.stream;
            if (stream != null && mayGoOn(stream) && stream.reaches(bounds.position())) {
                fromStream(stream);
                return;
            }
            reading.dropStream();
            if (++tries > MAX_TRIES) {
                handler.onFailure(ErrorCode.OVERLOADED, "object changes faster than it is read: key=" + key, 100);
            } else if (tiers.find(key.buffer(), 0, key.length(), view)) {
                serve(view, 0, view.payloadLength(), Shard.servedBy(view));
            } else {
                Manifest manifest = find(key, view);
                if (manifest != null) {
                    fromPages(manifest);
                } else {
                    load();
                }
            }
        }

        /** A read that begins now must not be given what an earlier one has left over. */
        private boolean mayGoOn(PassedStream stream) {
            return reading.isOneRead || (!stream.isOvertaken() && bounds.ifMatch().equals(stream.etag()));
        }

        private void load() {
            boolean canRange = canRange(mount);
            boolean wantsAll = bounds.position() == 0 && bounds.maxLength() > mount.policy().sizes().pageThreshold();
            Key manifestKey = Manifest.keyOf(key);
            partPosition = 0;
            totalLength = -1;
            if (reading.takesArriving() && loads.tryJoinArriving(key, bounds.ifMatch(), bounds.deadlineNs(), this)) {
                return;
            }
            if (!reading.isUncached && loads.tryAnswer(key, mount, this)) {
                return;
            }
            if (reading.isUncached) {
                ReadOptions options = ReadOptions.WHOLE;
                if (canRange) {
                    options = options.range(bounds.position(), bounds.maxLength() == Long.MAX_VALUE
                            ? ObjectInfo.UNKNOWN_LENGTH
                            : bounds.maxLength());
                    options = bounds.ifMatch().isEmpty() ? options : options.ifMatch(bounds.ifMatch());
                }
                loads.join(new Wanted(key, key, options, Wanted.Kind.STREAM), mount, bounds.deadlineNs(), this);
            } else if (canRange && !wantsAll && manifestKey != null) {
                int pageSize = pageSizeOf(mount);
                ReadOptions page = ReadOptions.WHOLE.range(bounds.position() / pageSize * pageSize, pageSize);
                loads.join(new Wanted(manifestKey, key, page, Wanted.Kind.OBJECT), mount, bounds.deadlineNs(), this);
            } else {
                loads.join(Wanted.object(key), mount, bounds.deadlineNs(), this);
            }
        }

        private void fromPages(Manifest manifest) {
            if (!bounds.ifMatch().isEmpty() && !bounds.ifMatch().equals(manifest.etag())) {
                changed(manifest.etag());
                return;
            }
            totalLength = manifest.totalLength();
            if (bounds.position() >= totalLength) {
                handler.onPart(view, totalLength, totalLength, Shard.servedBy(view));
                return;
            }
            long page = manifest.pageOf(bounds.position());
            partPosition = manifest.positionOf(page);
            Key pageKey = Objects.requireNonNull(manifest.pageKey(page));
            PageFill fill = fills.get(manifest.version());
            reading.follow(reading.isOver ? null : fill);
            if (tiers.find(pageKey.buffer(), 0, pageKey.length(), view)) {
                handler.onPart(view, partPosition, totalLength, Shard.servedBy(view));
            } else if (fill != null && fill.brings(page)) {
                fill.await(page, this);
            } else {
                loads.join(new Wanted(pageKey, key, ReadOptions.WHOLE.range(partPosition, manifest.lengthOf(page))
                        .ifMatch(manifest.etag()), Wanted.Kind.PAGE), mount, bounds.deadlineNs(), this);
            }
        }

        private void fromStream(PassedStream stream) {
            if (!bounds.ifMatch().isEmpty() && !bounds.ifMatch().equals(stream.etag())) {
                reading.dropStream();
                changed(stream.etag());
            } else {
                stream.next(bounds.position(), bounds.maxLength(), bounds.deadlineNs(), handler);
            }
        }

        private void serve(FrameView frame, long position, long total, Served served) {
            if (bounds.ifMatch().isEmpty() || bounds.ifMatch().equals(frame.etag())) {
                handler.onPart(frame, position, total, served);
            } else {
                changed(frame.etag());
            }
        }

        private void changed(String etag) {
            handler.onFailure(ErrorCode.PRECONDITION_FAILED, "object changed: key=" + key + " expected="
                    + bounds.ifMatch() + " is=" + etag, 0);
        }

        @Override
        public void onFrame(FrameView frame, Served served) {
            serve(frame, partPosition, totalLength < 0 ? frame.payloadLength() : totalLength, served);
        }

        @Override
        public void onFailure(ErrorCode code, String message, int retryAfterMs) {
            boolean isPage = totalLength >= 0;
            if (isPage && (code == ErrorCode.PRECONDITION_FAILED || code == ErrorCode.NOT_FOUND)) {
                // The store has another version than the manifest, or none: all of the old one goes.
                drop(key);
                if (code == ErrorCode.PRECONDITION_FAILED && bounds.ifMatch().isEmpty()) {
                    go();
                    return;
                }
            }
            handler.onFailure(code, message, retryAfterMs);
        }

        @Override
        public void onPages() {
            go();
        }

        @Override
        public boolean onArriving(Arriving body) {
            if (!reading.takesArriving()) {
                return false;
            }
            if (!bounds.ifMatch().isEmpty() && !bounds.ifMatch().equals(body.etag())) {
                changed(body.etag());
                return true;
            }
            return body.tryServe(bounds.position(), bounds.maxLength(), handler);
        }

        @Override
        public boolean onStream(@Nullable PassedStream stream) {
            reading.isUncached = true;
            if (stream == null || reading.isOver) {
                go();
                return false;
            }
            reading.stream = stream;
            if (stream.reaches(bounds.position())) {
                fromStream(stream);
            } else {
                go();
            }
            return true;
        }

        @Override
        public long deadlineNs() {
            return bounds.deadlineNs();
        }

        @Override
        public void onPage(FrameView frame, Served served) {
            serve(frame, partPosition, totalLength, served);
        }

        @Override
        public void onOvertaken() {
            go();
        }

        @Override
        public void onError(TiercelException error) {
            handler.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
        }
    }
}
