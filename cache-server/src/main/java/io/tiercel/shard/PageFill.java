package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Body;
import io.tiercel.load.Mount;
import io.tiercel.load.StoreCall;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One body of a store that becomes pages, one after another as it arrives; each is served as soon as it is whole. It goes
 * as fast as the store does, whoever reads: a slow reader finds its pages in the tier. When nobody has read for
 * {@link #LINGER_NS} it ends; what it filled stays. Single writer: shard agent.
 */
final class PageFill {
    /** Longer than a client takes to come back for the next part. */
    static final long LINGER_NS = 1_000_000_000L;
    /** Pages ahead of the body that are waited for rather than asked for. */
    private static final int NEAR = 4;

    /** A read of the page that is coming, or of one soon after. */
    interface Waiter {
        long deadlineNs();

        void onPage(FrameView frame, Served served);

        /** It will not come from here. */
        void onOvertaken();

        void onError(TiercelException error);
    }

    private record Waiting(long page, Waiter waiter) {}

    final Manifest manifest;
    final Mount mount;
    private final TieredStore tiers;
    private final StoreCalls calls;
    private final Clock clock;
    private final ObjectRead read;
    private final long epoch;
    private final long ttlMs;
    private final long pageDeadlineNs;
    private final Consumer<PageFill> atEnd;
    private final long lastPage;
    private final List<Waiting> waiting = new ArrayList<>();
    private final FrameView view = new FrameView();
    private long page;
    private int readers;
    private long idleSinceNs;
    private long deadlineNs;
    private @Nullable StoreCall underWay;
    private boolean isLate;
    private boolean isCancelled;
    private boolean isOver;

    /**
     * @param ttlMs of each page, 0 for ever.
     * @param read  begins with a page's first byte, or behind the object's last; from now on its own, as is the permit of
     *              its mount.
     */
    PageFill(Manifest manifest, long ttlMs, Load load, ObjectRead read, TieredStore tiers, StoreCalls calls,
            Clock clock,
            long pageDeadlineNs, Consumer<PageFill> atEnd) {
        this.manifest = manifest;
        this.ttlMs = ttlMs;
        this.mount = load.mount;
        this.tiers = tiers;
        this.calls = calls;
        this.clock = clock;
        this.read = read;
        this.epoch = load.epoch;
        this.pageDeadlineNs = pageDeadlineNs;
        this.atEnd = atEnd;
        this.page = manifest.pageOf(read.offset());
        long end = read.length() < 0 ? manifest.totalLength() : read.offset() + read.length();
        // A range behind the end begins within the last page: no page comes of it.
        boolean beginsPage = read.offset() == manifest.positionOf(page);
        this.lastPage = !beginsPage
                ? page - 1
                : end >= manifest.totalLength() ? manifest.lastPage() : manifest.pageOf(end) - 1;
        this.idleSinceNs = clock.nowNs();
    }

    /** Whether it will bring a page soon. */
    boolean brings(long wanted) {
        return !isCancelled && !isOver && wanted >= page && wanted <= lastPage && wanted - page <= NEAR;
    }

    void await(long wanted, Waiter waiter) {
        waiting.add(new Waiting(wanted, waiter));
    }

    void join() {
        readers++;
    }

    void leave() {
        readers--;
        idleSinceNs = clock.nowNs();
    }

    /** Begins with the next page, or ends. */
    void next() {
        if (isCancelled || page > lastPage) {
            end();
            return;
        }
        ObjectInfo info = read.info();
        Key key = Objects.requireNonNull(manifest.pageKey(page));
        deadlineNs = clock.nowNs() + pageDeadlineNs;
        tiers.allocate(new FrameRequest(key, manifest.lengthOf(page), manifest.etag().length(), Objects
                .requireNonNullElse(info.contentType(), ""), ttlMs, info.lastModifiedMs(),
                epoch), new AllocationListener() {
                    @Override
                    public void onAllocated(Allocation allocation) {
                        fill(allocation);
                    }

                    @Override
                    public void onRefused(ErrorCode code, String message) {
                        end();
                    }
                });
    }

    private void fill(Allocation allocation) {
        if (isCancelled) {
            allocation.abort();
            end();
            return;
        }
        underWay = calls.run("page", () -> {
            ContentHash hash = new ContentHash();
            Body.fillPart(read, allocation.payloadByteBuffer(), hash::update);
            return hash;
        }, (hash, failure) -> {
            underWay = null;
            if (failure instanceof InternalError) {
                tiers.onMemoryFault();
            }
            if (failure != null) {
                allocation.abort();
                onFailure(failure);
            } else if (isCancelled || !allocation.publish(hash.crc(), manifest.etag())) {
                allocation.abort();
                end();
            } else {
                onPublished();
            }
        });
    }

    private void onFailure(Throwable failure) {
        if (!isCancelled) {
            calls.toldOfBody(mount, failure);
        }
        if (!isCancelled && !(failure instanceof InternalError)) {
            TiercelException error = isLate
                    ? new TiercelException(ErrorCode.TIMEOUT, "page took longer than load.deadline: key="
                            + manifest.key() + " page=" + page)
                    : StoreErrors.translate(mount, failure);
            List<Waiting> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(each -> each.waiter.onError(error));
        }
        end();
    }

    private void onPublished() {
        Key key = Objects.requireNonNull(manifest.pageKey(page));
        List<Waiting> due = new ArrayList<>();
        long published = page;
        waiting.removeIf(each -> each.page == published && due.add(each));
        page++;
        Served how = Served.LOADED;
        for (Waiting each : due) {
            if (tiers.peek(key.buffer(), 0, key.length(), view)) {
                each.waiter.onPage(view, how);
                how = Served.COLLAPSED;
            } else {
                each.waiter.onOvertaken();
            }
        }
        next();
    }

    /** Has it end: what it brings is for nobody. */
    void cancel() {
        isCancelled = true;
        if (underWay != null) {
            underWay.cancel();
        }
    }

    private void end() {
        if (isOver) {
            return;
        }
        isOver = true;
        atEnd.accept(this);
        calls.run("close", () -> {
            read.close();
            return read;
        }, (closed, failure) -> {
            calls.release(mount);
            List<Waiting> left = List.copyOf(waiting);
            waiting.clear();
            left.forEach(each -> each.waiter.onOvertaken());
        });
    }

    /** Ends it where nobody reads or the store hangs; answers late readers. */
    int check(long nowNs) {
        int work = 0;
        if (!isCancelled && readers == 0 && waiting.isEmpty() && nowNs - idleSinceNs > LINGER_NS) {
            cancel();
            work++;
        }
        if (!isLate && underWay != null && nowNs - deadlineNs > 0) {
            isLate = true;
            underWay.cancel();
            work++;
        }
        List<Waiting> late = new ArrayList<>();
        waiting.removeIf(each -> nowNs - each.waiter.deadlineNs() > 0 && late.add(each));
        late.forEach(each -> each.waiter.onError(new TiercelException(ErrorCode.TIMEOUT,
                "no answer in time: key=" + manifest.key())));
        return work + late.size();
    }
}
