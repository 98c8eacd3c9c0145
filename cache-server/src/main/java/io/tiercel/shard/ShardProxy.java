package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.load.Mount;
import io.tiercel.load.ReplacedStores;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Pinned;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The shard's door for other threads: each call becomes a task of the shard, each answer a future. Threadsafe.
 *
 * <p>Futures complete on the shard thread: what depends on them must hand over to a thread of its own at once. They
 * fail with {@link TiercelException}.
 */
public final class ShardProxy implements Commands {
    private final Shard shard;
    private final ShardTasks tasks;
    private final Clock clock;
    private final Supplier<NodeStatus> status;

    /** @param status makes the node's status on the shard thread. */
    public ShardProxy(Shard shard, ShardTasks tasks, Clock clock, Supplier<NodeStatus> status) {
        this.shard = shard;
        this.tasks = tasks;
        this.clock = clock;
        this.status = status;
    }

    @Override
    public CompletableFuture<ReadResult> read(Key key, long timeoutMs) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return submit(future -> {
            FrameView hit = shard.tryRead(key.buffer(), 0, key.length());
            if (hit != null) {
                complete(future, hit, Shard.servedBy(hit));
            } else {
                shard.read(key, deadlineNs, new ReadHandler() {
                    @Override
                    public void onFrame(FrameView frame, Served served) {
                        complete(future, frame, served);
                    }

                    @Override
                    public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                        fail(future, code, message, retryAfterMs);
                    }
                });
            }
        });
    }

    private void complete(CompletableFuture<ReadResult> future, FrameView frame, Served served) {
        Pinned pinned = shard.pin(frame);
        if (!future.complete(new ReadResult(pinned, served))) {
            shard.unpin(pinned);
        }
    }

    @Override
    public PartReader parts(Key key) {
        return new Parts(key);
    }

    @Override
    public void release(Pinned frame) {
        tasks.execute(() -> shard.unpin(frame));
    }

    @Override
    public CompletableFuture<StatResult> stat(Key key, long timeoutMs) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return submit(future -> {
            shard.stat(key, into(future));
            shard.commandDeadlines().add(future, deadlineNs, "not told in time: key=" + key + " timeoutMs="
                    + timeoutMs);
        });
    }

    @Override
    public CompletableFuture<PutSink> openPut(PutRequest request) {
        return submit(future -> shard.openPut(request, new Outcome<>() {
            @Override
            public void onDone(PutOperation put) {
                if (!future.complete(new Sink(put))) {
                    shard.abort(put);
                }
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                fail(future, code, message, retryAfterMs);
            }
        }));
    }

    @Override
    public CompletableFuture<Boolean> delete(Key key, boolean recursive, long timeoutMs) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return submit(future -> {
            shard.delete(key, recursive, into(future));
            shard.commandDeadlines().add(future, deadlineNs,
                    "not deleted in time, whether it will be is not known: key=" + key + " timeoutMs=" + timeoutMs);
        });
    }

    @Override
    public CompletableFuture<PutResult> move(MoveRequest request) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(request.timeoutMs());
        return submit(future -> {
            shard.move(request, into(future));
            shard.commandDeadlines().add(future, deadlineNs, "not done in time, whether it will be is not known: from="
                    + request.from() + " to=" + request.to() + " timeoutMs=" + request.timeoutMs());
        });
    }

    @Override
    public CompletableFuture<ListingPage> list(ListQuery query, long timeoutMs) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return submit(future -> {
            shard.list(query, intoPage(future));
            shard.commandDeadlines().add(future, deadlineNs, "not listed in time: " + query);
        });
    }

    @Override
    public CompletableFuture<ListingPage> nextPage(long cursorId, long timeoutMs) {
        long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return submit(future -> {
            shard.nextPage(cursorId, intoPage(future));
            shard.commandDeadlines().add(future, deadlineNs, "no page in time: timeoutMs=" + timeoutMs);
        });
    }

    /** A page that comes too late ends its listing: nobody knows its cursor. */
    private Outcome<ListingPage> intoPage(CompletableFuture<ListingPage> future) {
        return new Outcome<>() {
            @Override
            public void onDone(ListingPage page) {
                if (!future.complete(page)) {
                    shard.closeListing(page.cursorId());
                }
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                fail(future, code, message, retryAfterMs);
            }
        };
    }

    @Override
    public void closeListing(long cursorId) {
        tasks.execute(() -> shard.closeListing(cursorId));
    }

    @Override
    public CompletableFuture<Long> invalidate(Key key) {
        return submit(future -> future.complete(shard.invalidate(key)));
    }

    @Override
    public CompletableFuture<Long> invalidatePrefix(Key prefix) {
        return submit(future -> future.complete(shard.invalidatePrefix(prefix)));
    }

    @Override
    public CompletableFuture<Long> invalidateAll() {
        return submit(future -> future.complete(shard.invalidateAll()));
    }

    @Override
    public CompletableFuture<Long> mappedCapacity(long bytes) {
        return submit(future -> future.complete(shard.mappedCapacity(bytes)));
    }

    /** Has other mounts answer from now on, as {@link Shard#mounts}. */
    public CompletableFuture<Boolean> mounts(List<Mount> next, ReplacedStores replaced) {
        return submit(future -> {
            shard.mounts(next, replaced);
            future.complete(true);
        });
    }

    @Override
    public CompletableFuture<NodeStatus> status() {
        return submit(future -> future.complete(status.get()));
    }

    @Override
    public CompletableFuture<String> explain(Key key) {
        return submit(future -> future.complete(shard.explain(key)));
    }

    private <T> CompletableFuture<T> submit(Consumer<CompletableFuture<T>> command) {
        CompletableFuture<T> future = new CompletableFuture<>();
        boolean accepted = tasks.tryExecute(() -> {
            try {
                command.accept(future);
            } catch (InternalError e) {
                shard.onMemoryFault();
                future.completeExceptionally(new TiercelException(ErrorCode.CORRUPT,
                        "a file under the node was cut short on its disk: ask again", e));
            } catch (RuntimeException e) {
                future.completeExceptionally(e instanceof TiercelException
                        ? e
                        : new TiercelException(ErrorCode.INTERNAL, "command failed: " + e, e));
            }
        });
        if (!accepted) {
            boolean isStopping = tasks.isClosed();
            fail(future, isStopping ? ErrorCode.NODE_UNAVAILABLE : ErrorCode.OVERLOADED,
                    isStopping ? "node is stopping" : "too many commands wait", 1000);
        }
        return future;
    }

    private static <T> Outcome<T> into(CompletableFuture<T> future) {
        return new Outcome<>() {
            @Override
            public void onDone(T result) {
                future.complete(result);
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                fail(future, code, message, retryAfterMs);
            }
        };
    }

    private static void fail(CompletableFuture<?> future, ErrorCode code, String message, int retryAfterMs) {
        future.completeExceptionally(new TiercelException(code, message, retryAfterMs, null));
    }

    /** A way through an object for another thread. */
    private final class Parts implements PartReader {
        private final Reading reading;

        Parts(Key key) {
            this.reading = Reading.ofOneRead(key);
        }

        @Override
        public CompletableFuture<ReadPart> read(long position, long maxLength, String ifMatch, long timeoutMs) {
            long deadlineNs = clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            return submit(future -> shard.readPart(reading, position, maxLength, ifMatch, deadlineNs,
                    new PartHandler() {
                        @Override
                        public void onPart(FrameView frame, long at, long totalLength, Served served) {
                            Pinned pinned = shard.pin(frame);
                            if (!future.complete(new ReadPart(pinned, at, totalLength, served))) {
                                shard.unpin(pinned);
                            }
                        }

                        @Override
                        public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                            fail(future, code, message, retryAfterMs);
                        }
                    }));
        }

        @Override
        public void close() {
            tasks.execute(() -> shard.endReading(reading));
        }
    }

    /** A put whose bytes another thread writes. */
    private final class Sink implements PutSink {
        private final PutOperation put;
        private final ByteBuffer payload;

        Sink(PutOperation put) {
            this.put = put;
            this.payload = put.payload();
        }

        @Override
        public ByteBuffer payload() {
            return payload;
        }

        @Override
        public CompletableFuture<PutResult> commit(ContentHash hash) {
            return submit(future -> shard.commit(put, hash, into(future)));
        }

        @Override
        public void abort() {
            tasks.execute(() -> shard.abort(put));
        }
    }
}
