package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.ListedEntry;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentFixture;
import io.tiercel.shard.Commands;
import io.tiercel.shard.EntryKind;
import io.tiercel.shard.ListingPage;
import io.tiercel.shard.MoveRequest;
import io.tiercel.shard.NodeStatus;
import io.tiercel.shard.PartReader;
import io.tiercel.shard.PutRequest;
import io.tiercel.shard.PutResult;
import io.tiercel.shard.PutSink;
import io.tiercel.shard.ReadPart;
import io.tiercel.shard.ReadResult;
import io.tiercel.shard.Served;
import io.tiercel.shard.StatResult;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.Pinned;
import io.tiercel.tier.PinnedFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A map behind {@link Commands}: one thread, frames in mapped files, pins and open puts counted. */
final class FakeShard implements Commands, AutoCloseable {
    private final Path dir;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "fake-shard"));
    private final Map<Key, Pinned> frames = new HashMap<>();
    private final List<Segment> segments = new ArrayList<>();
    private int nextSlot;

    final AtomicInteger pinCount = new AtomicInteger();
    final AtomicInteger closedReaders = new AtomicInteger();
    final AtomicInteger openPutCount = new AtomicInteger();
    final List<PutRequest> puts = new ArrayList<>();
    final List<MoveRequest> moves = new ArrayList<>();
    final List<ListQuery> queries = new ArrayList<>();
    final List<ListedEntry> listed = new ArrayList<>();
    final AtomicInteger pagesAsked = new AtomicInteger();
    final AtomicInteger closedListings = new AtomicInteger();
    volatile int failingPage = -1;
    private int position;
    volatile Served served = Served.MAPPED;
    volatile @Nullable RuntimeException failure;
    volatile @Nullable CountDownLatch gate;

    FakeShard(Path dir) {
        this.dir = dir;
    }

    /** Puts a value past HTTP. */
    void store(String key, byte[] bytes, String contentType, long lastModifiedMs) {
        run(() -> {
            Segment segment = newSegment(bytes.length);
            PinnedFixture.payloadOf(segment, bytes.length).put(bytes);
            String etag = new ContentHash().update(ByteBuffer.wrap(bytes)).etag();
            frames.put(Key.of(key), PinnedFixture.frame(segment, bytes.length, etag, contentType, lastModifiedMs));
            return true;
        }).join();
    }

    byte @Nullable [] bytes(String key) {
        return run(() -> {
            Pinned frame = frames.get(Key.of(key));
            byte[] copy = new byte[frame == null ? 0 : frame.payloadLength()];
            if (frame != null) {
                frame.payloadByteBuffer().get(copy);
            }
            return new byte[][]{frame == null ? null : copy};
        }).join()[0];
    }

    @Override
    public CompletableFuture<ReadResult> read(Key key, long timeoutMs) {
        return run(() -> {
            Pinned frame = found(key);
            pinCount.incrementAndGet();
            return new ReadResult(frame, served);
        });
    }

    @Override
    public PartReader parts(Key key) {
        return new PartReader() {
            @Override
            public CompletableFuture<ReadPart> read(long position, long maxLength, String ifMatch, long timeoutMs) {
                return run(() -> {
                    Pinned frame = found(key);
                    if (!ifMatch.isEmpty() && !ifMatch.equals(frame.etag())) {
                        throw new TiercelException(ErrorCode.PRECONDITION_FAILED, "changed: '" + key + "'");
                    }
                    pinCount.incrementAndGet();
                    return new ReadPart(frame, 0, frame.payloadLength(), served);
                });
            }

            @Override
            public void close() {
                closedReaders.incrementAndGet();
            }
        };
    }

    @Override
    public CompletableFuture<StatResult> stat(Key key, long timeoutMs) {
        return run(() -> {
            if (key.toString().equals("folder")) {
                return new StatResult(EntryKind.FOLDER, 0, "", "", 0, 0, "", "", 0, 0);
            }
            Pinned frame = found(key);
            return new StatResult(EntryKind.FILE, frame.payloadLength(), frame.etag(), frame.contentType(),
                    frame.lastModifiedMs(), 0, served == Served.STORE ? "" : "mapped", "", 0, 0);
        });
    }

    @Override
    public CompletableFuture<PutSink> openPut(PutRequest request) {
        return run(() -> {
            puts.add(request);
            refuse(request);
            openPutCount.incrementAndGet();
            return new Sink(request, newSegment((int) request.length()));
        });
    }

    @Override
    public CompletableFuture<Boolean> delete(Key key, boolean recursive, long timeoutMs) {
        return run(() -> recursive ? frames.keySet().removeIf(k -> k.isCoveredBy(key)) : frames.remove(key) != null);
    }

    @Override
    public CompletableFuture<PutResult> move(MoveRequest request) {
        return run(() -> {
            moves.add(request);
            Pinned frame = found(request.from());
            if (!request.overwrite() && frames.containsKey(request.to())) {
                throw new TiercelException(ErrorCode.ALREADY_EXISTS, "refused: '" + request.to() + "'");
            }
            boolean isCreated = frames.put(request.to(), frame) == null;
            if (!request.keepsSource()) {
                frames.remove(request.from());
            }
            return new PutResult(frame.etag(), isCreated);
        });
    }

    /** Pages of one entry each; the query's text is what is listed. */
    @Override
    public CompletableFuture<ListingPage> list(ListQuery query, long timeoutMs) {
        return run(() -> {
            queries.add(query);
            return page(0);
        });
    }

    @Override
    public CompletableFuture<ListingPage> nextPage(long cursorId, long timeoutMs) {
        return run(() -> {
            pagesAsked.incrementAndGet();
            return page(++position);
        });
    }

    private ListingPage page(int at) {
        position = at;
        if (at == failingPage) {
            throw new TiercelException(ErrorCode.STORE_UNAVAILABLE, "gone on the way");
        }
        return new ListingPage(1, at < listed.size() ? List.of(listed.get(at)) : List.of(), at >= listed.size(),
                served);
    }

    @Override
    public void closeListing(long cursorId) {
        closedListings.incrementAndGet();
    }

    @Override
    public CompletableFuture<Long> invalidate(Key key) {
        return run(() -> {
            frames.remove(key);
            return 1L;
        });
    }

    @Override
    public CompletableFuture<Long> invalidatePrefix(Key prefix) {
        return run(() -> {
            frames.keySet().removeIf(key -> key.isCoveredBy(prefix));
            return 2L;
        });
    }

    @Override
    public CompletableFuture<Long> invalidateAll() {
        return run(() -> {
            frames.clear();
            return 3L;
        });
    }

    @Override
    public CompletableFuture<Long> mappedCapacity(long bytes) {
        return run(() -> bytes);
    }

    @Override
    public CompletableFuture<String> explain(Key key) {
        return run(() -> "{\"key\":\"" + key + "\"}");
    }

    @Override
    public CompletableFuture<NodeStatus> status() {
        return run(() -> new NodeStatus("n1", "0.1.0", 7, 1500, new NodeStatus.HeapTier(1, 2, 3, 4, 5, 6),
                new NodeStatus.MappedTier(7, 8, 8, frames.size(), 10, 11, 12, 13, 14, 15, "ok", ""),
                new NodeStatus.Loads(16, 17, 18, 19, 20, 24, 33, 34, 35, 36, 37), new NodeStatus.Invalidations(21, 22),
                new NodeStatus.Rebuild(false, 0, 0, 0), new NodeStatus.Sessions(25, 26, 27, 28, 29, 30, 31, 32),
                List.of(new NodeStatus.Store("lake", "memory:", "up"), new NodeStatus.Store("", "file:///x", "down")),
                List.of(new NodeStatus.Client(1, "MAPPED", 100, 2), new NodeStatus.Client(2, "UDP", 0, 3))));
    }

    @Override
    public void release(Pinned frame) {
        pinCount.decrementAndGet();
    }

    @Override
    public void close() {
        thread.shutdownNow();
        segments.forEach(SegmentFixture::close);
    }

    private Pinned found(Key key) {
        Pinned frame = frames.get(key);
        if (frame == null) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no such object: '" + key + "'");
        }
        return frame;
    }

    private void refuse(PutRequest request) {
        Pinned current = frames.get(request.key());
        ErrorCode refusal = request.refusalOver(current == null ? null : current.etag());
        if (refusal != null) {
            throw new TiercelException(refusal, "refused: '" + request.key() + "'");
        }
    }

    private Segment newSegment(int length) {
        Segment segment = PinnedFixture.segmentFor(dir, nextSlot++, length);
        segments.add(segment);
        return segment;
    }

    private <T> CompletableFuture<T> run(Supplier<T> command) {
        CompletableFuture<T> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                CountDownLatch closed = gate;
                if (closed != null) {
                    closed.await();
                }
                RuntimeException planned = failure;
                if (planned != null) {
                    throw planned;
                }
                result.complete(command.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                result.completeExceptionally(new TiercelException(ErrorCode.NODE_UNAVAILABLE, "stopped"));
            }
        });
        return result;
    }

    private final class Sink implements PutSink {
        private final PutRequest request;
        private final Segment segment;
        private boolean isDone;

        Sink(PutRequest request, Segment segment) {
            this.request = request;
            this.segment = segment;
        }

        @Override
        public ByteBuffer payload() {
            return PinnedFixture.payloadOf(segment, (int) request.length());
        }

        @Override
        public CompletableFuture<PutResult> commit(ContentHash hash) {
            return run(() -> {
                refuse(request);
                end();
                String etag = hash.etag();
                Pinned frame = PinnedFixture.frame(segment, (int) request.length(), etag, request.contentType(), 0);
                return new PutResult(etag, frames.put(request.key(), frame) == null);
            });
        }

        @Override
        public void abort() {
            end();
        }

        private synchronized void end() {
            if (!isDone) {
                isDone = true;
                openPutCount.decrementAndGet();
            }
        }
    }
}
