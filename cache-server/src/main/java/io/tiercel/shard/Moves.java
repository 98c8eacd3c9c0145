package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import io.tiercel.load.StoreErrors;
import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.Transfer;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.tier.Clock;
import io.tiercel.tier.TieredStore;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Moves and copies: by the store itself inside one mount, chunk by chunk from one store to another, and by
 * {@link FrameMoves} where one of the mounts is cache-only. Single writer: shard agent.
 *
 * <p>Afterwards both keys are dropped, the target before it is acknowledged as any write is. A source goes only after its
 * copy is whole; where its removal fails, both are there and the failure is told.
 */
final class Moves {
    private final long loadDeadlineNs;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Clock clock;
    private final Drops drops;
    private final FrameMoves frames;

    Moves(TieredStore tiers, MountTable mounts, StoreCalls calls, Clock clock, Drops drops, RebuildWaiters waiters,
            long loadDeadlineNs) {
        this.loadDeadlineNs = loadDeadlineNs;
        this.mounts = mounts;
        this.calls = calls;
        this.clock = clock;
        this.drops = drops;
        this.frames = new FrameMoves(tiers, calls, drops, waiters, loadDeadlineNs);
    }

    void begin(MoveRequest request, Outcome<PutResult> outcome) {
        try {
            Mount from = mountOf(request.from());
            Mount to = mountOf(request.to());
            requireAllowed(request, from, to);
            if (from.isCacheOnly() && to.isCacheOnly()) {
                frames.begin(request, to, outcome);
            } else if (from.isCacheOnly() || to.isCacheOnly()) {
                throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                        "no moves or copies between a cache-only mount and a store: from='" + from.prefix() + "' to='"
                                + to.prefix() + "'");
            } else {
                inStores(request, from, to, outcome);
            }
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }

    private Mount mountOf(Key key) {
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no mount covers the key: key=" + key);
        }
        return mount;
    }

    private static void requireAllowed(MoveRequest request, Mount from, Mount to) {
        if (from == to) {
            Writes.requireWritable(to, request.keepsSource() ? Capability.COPY : Capability.MOVE, request.to());
        } else {
            Writes.requireWritable(to, Capability.WRITE, request.to());
            if (!request.keepsSource()) {
                Writes.requireWritable(from, Capability.DELETE, request.from());
            }
        }
        if (from != to && !from.isCacheOnly() && !from.can(Capability.READ)) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "store lacks READ: mount='" + from.prefix() + "' key=" + request.from());
        }
        from.objectPath(request.from());
        to.objectPath(request.to());
        if (from != to && from.uri().contains("//")
                && placeOf(from, request.from()).equals(placeOf(to, request.to()))) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                    "both keys name one object of one store: from=" + request.from() + " to=" + request.to());
        }
    }

    /** Where an object is, as far as the mount's URI tells, if it names a place: two mounts may stand before one store. */
    private static String placeOf(Mount mount, Key key) {
        String uri = mount.uri().split("[?#]", 2)[0];
        return (uri.endsWith("/") ? uri : uri + '/') + mount.pathInStore(key.toString());
    }

    private void inStores(MoveRequest request, Mount from, Mount to, Outcome<PutResult> outcome) {
        StorePath source = from.objectPath(request.from());
        StorePath target = to.objectPath(request.to());
        long timeoutMs = Math.max(TimeUnit.NANOSECONDS.toMillis(loadDeadlineNs), request.timeoutMs());
        AtomicBoolean isCopied = new AtomicBoolean();
        StoreCalls.Completion<WriteResult> completion = (written, failure) -> {
            calls.release(to);
            onEnd(request, to, isCopied.get(), written, failure, outcome);
        };
        String name = request.keepsSource() ? "copy" : "move";
        boolean accepted = calls.acquire(to, () -> {
            if (from == to) {
                calls.askOnce(to, name, timeoutMs, () -> inOneStore(request, to, source, target), completion);
            } else {
                // Past the breakers: which of two stores failed they could not tell.
                calls.run(name, clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs), () -> acrossStores(request,
                        from, source, to, target, isCopied), completion);
            }
        });
        if (!accepted) {
            outcome.onFailure(ErrorCode.OVERLOADED, "too many store calls wait already: raise load.queue", 1000);
        }
    }

    private static WriteResult inOneStore(MoveRequest request, Mount mount, StorePath source, StorePath target) {
        return request.keepsSource()
                ? mount.store().copy(source, target, request.overwrite())
                : mount.store().move(source, target, request.overwrite());
    }

    private static WriteResult acrossStores(MoveRequest request, Mount from, StorePath source, Mount to,
            StorePath target, AtomicBoolean isCopied) {
        requireFile(from, source);
        WriteResult written = copied(from, source, to, target, WriteOptions.CREATE.overwrite(request.overwrite()));
        isCopied.set(true);
        if (!request.keepsSource()) {
            from.store().delete(source, true);
        }
        return written;
    }

    /** A source that is shorter or longer than it said leaves nothing behind, and is the failure of its store. */
    private static WriteResult copied(Mount from, StorePath source, Mount to, StorePath target, WriteOptions options) {
        try {
            return Transfer.copy(from.store(), source, to.store(), target, options, bytes -> {});
        } catch (UncheckedIOException e) {
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).store(from.store().name()).path(source)
                    .because(
                            "could not be copied: " + e.getMessage()).cause(e).build();
        }
    }

    /** A missing source outranks whatever is wrong with the target. */
    private static void requireFile(Mount from, StorePath source) {
        if (from.can(Capability.METADATA) && from.store().info(source).isFolder()) {
            throw StorageException.of(StorageException.Kind.INVALID_PATH).store(from.store().name()).path(source)
                    .because("it is a folder").build();
        }
    }

    private void onEnd(MoveRequest request, Mount to, boolean isCopied,
            @Nullable WriteResult written, @Nullable Throwable failure, Outcome<PutResult> outcome) {
        if (failure != null || written == null) {
            TiercelException error = StoreErrors.translate(to, failure == null
                    ? new IllegalStateException("store told nothing of its write")
                    : failure);
            if (isCopied || Writes.isOutcomeUnknown(error.code())) {
                tryDropBoth(request, error);
            }
            outcome.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
            return;
        }
        try {
            dropBoth(request);
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
            return;
        }
        String etag = written.etag();
        outcome.onDone(new PutResult(etag == null ? "" : etag, written.isCreated()));
    }

    private void dropBoth(MoveRequest request) {
        drops.key(request.to());
        if (!request.keepsSource()) {
            drops.key(request.from());
        }
    }

    private void tryDropBoth(MoveRequest request, TiercelException error) {
        try {
            dropBoth(request);
        } catch (TiercelException e) {
            error.addSuppressed(e);
        }
    }
}
