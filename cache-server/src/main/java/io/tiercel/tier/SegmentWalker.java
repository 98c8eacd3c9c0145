package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;

import io.tiercel.index.KeyHasher;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameScanner;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the frames of segments on a thread of its own, so that the page faults and checksums of a rebuild are not the
 * shard's, and hands what it finds over in bounded batches. It only reads: what is to change in a segment the shard
 * agent changes. The newest segment comes first, since it is what was used last.
 *
 * <p>Memory: at most {@link #BATCHES} batches wait; a walker that is ahead waits for the shard agent.
 */
final class SegmentWalker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentWalker.class);
    private static final int BATCHES = 64;
    private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /** A segment and the walker's own view of it, made before the thread starts. */
    private record Walk(Segment segment, SegmentView view) {
        long storedAtMs() {
            return new FrameFlyweight().wrap(view.buffer(), SegmentDescriptor.HEADER_LENGTH).storedAtMs();
        }
    }

    private final List<Walk> walks = new ArrayList<>();
    private final KeyHasher hasher;
    private final OneToOneConcurrentArrayQueue<FoundFrames> found = new OneToOneConcurrentArrayQueue<>(BATCHES);
    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameScanner scanner = new FrameScanner(checksum);
    private final Thread thread = Thread.ofPlatform().name("tiercel-rebuild").daemon().unstarted(this);
    private volatile boolean stopped;

    SegmentWalker(List<Segment> segments, KeyHasher hasher) {
        this.hasher = hasher;
        segments.forEach(segment -> walks.add(new Walk(segment, segment.view())));
    }

    void start() {
        thread.start();
    }

    /** The next batch, or null. Shard agent. */
    @Nullable
    FoundFrames poll() {
        return found.poll();
    }

    /** Ends the walk; when it returns the thread touches no segment any more. */
    void stop() {
        stopped = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        walks.sort(Comparator.comparingLong(Walk::storedAtMs).reversed());
        for (Walk walk : walks) {
            if (stopped) {
                return;
            }
            walk(walk);
        }
    }

    private void walk(Walk walk) {
        FoundFrames[] batch = {new FoundFrames(walk.segment())};
        boolean whole;
        try {
            whole = scanner.scan(walk.view(), (frame, state) -> {
                if (state != DEAD && !stopped) {
                    batch[0] = add(batch[0], walk.view(), frame, state);
                }
            });
        } catch (RuntimeException | InternalError e) {
            // A file cut short under its mapping: what was found so far is what there is.
            LOG.warn("segment slot={} cannot be read on from offset={}", walk.segment().slot(), scanner.tail(), e);
            whole = false;
        }
        hand(batch[0].last(whole, scanner.tail()));
    }

    private FoundFrames add(FoundFrames batch, SegmentView view, FrameFlyweight frame, int state) {
        FoundFrames open = batch;
        if (open.isFull()) {
            hand(open);
            open = new FoundFrames(open.segment());
        }
        boolean damaged = !isState(state) || (state == LIVE && !checksum.isMetadataWhole(view.bytes(), frame));
        long hash = hasher.hash(view.buffer(), frame.keyOffset(), frame.keyLength());
        open.add(frame, damaged ? FoundFrames.DAMAGED : state, hash);
        return open;
    }

    private void hand(FoundFrames batch) {
        while (!found.offer(batch) && !stopped) {
            LockSupport.parkNanos(WAIT_NS);
        }
    }
}
