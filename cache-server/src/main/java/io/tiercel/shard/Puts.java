package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.load.StoreCalls;
import io.tiercel.storage.Capability;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.tier.Allocation;
import io.tiercel.tier.AllocationListener;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes: bytes go into reserved space of the mapped tier first; there a cache-only mount publishes them, and any
 * other mount has them written through to its store, then invalidates, then acknowledges. Single writer: shard agent.
 */
final class Puts {
    private static final String LOST = "the file under the frame was cut short on the node's disk: put it again";

    private final TieredStore tiers;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Drops drops;
    private final long writeDeadlineNs;
    private final FrameView view = new FrameView();

    Puts(TieredStore tiers, MountTable mounts, StoreCalls calls, Drops drops, long writeDeadlineNs) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.calls = calls;
        this.drops = drops;
        this.writeDeadlineNs = writeDeadlineNs;
    }

    /** Checks a put as far as can be before its bytes are here, and reserves their space. */
    void open(PutRequest request, Outcome<PutOperation> outcome) {
        Mount mount;
        try {
            mount = checked(request);
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
            return;
        }
        long ttlMs = request.ttlMs() > 0 ? request.ttlMs() : mount.policy().freshness().ttlMs();
        FrameRequest frame = new FrameRequest(request.key(), request.length(), ContentHash.ETAG_LENGTH,
                request.contentType(), ttlMs, 0L, tiers.epoch());
        tiers.allocate(frame, new AllocationListener() {
            @Override
            public void onAllocated(Allocation allocation) {
                outcome.onDone(new PutOperation(request, mount, allocation));
            }

            @Override
            public void onRefused(ErrorCode code, String message) {
                outcome.onFailure(code, message, 0);
            }
        });
    }

    private Mount checked(PutRequest request) {
        Key key = request.key();
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no mount covers the key: key=" + key);
        }
        Writes.requireWritable(mount, Capability.WRITE, key);
        mount.objectPath(key);
        long limit = mount.isCacheOnly()
                ? Math.min(mount.policy().sizes().maxObject(), tiers.maxFrame())
                : tiers.maxFrame();
        if (request.length() > limit) {
            throw new TiercelException(ErrorCode.TOO_LARGE, "frame is too large: key=" + key + " length="
                    + request.length() + " limit=" + limit + " (memory.maxFrame, mounts.….maxObject)");
        }
        if (request.condition() == PutCondition.IF_MATCH && !mount.isCacheOnly()) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "store cannot write on condition of an ETag: mount='" + mount.prefix() + "'");
        }
        refuseEarly(request, mount);
        return mount;
    }

    /** A condition that fails already spares the bytes their way; commit judges it again, and decides. */
    private void refuseEarly(PutRequest request, Mount mount) {
        if (mount.isCacheOnly() && request.condition() != PutCondition.NONE) {
            Key key = request.key();
            boolean exists = tiers.peek(key.buffer(), 0, key.length(), view);
            ErrorCode refusal = request.refusalOver(exists ? view.etag() : null);
            if (refusal != null) {
                throw new TiercelException(refusal, refusalMessage(request, refusal, exists ? view.etag() : "none"));
            }
        }
    }

    private static String refusalMessage(PutRequest request, ErrorCode refusal, String present) {
        return refusal == ErrorCode.ALREADY_EXISTS
                ? "there is a value already: key=" + request.key()
                : "ETag does not match: key=" + request.key() + " expected=" + request.ifMatch() + " present="
                        + present;
    }

    /** Makes a put whose bytes are all here take effect. */
    void commit(PutOperation put, ContentHash hash, Outcome<PutResult> outcome) {
        if (put.mount().isCacheOnly()) {
            publish(put, hash, outcome);
        } else {
            writeThrough(put, outcome);
        }
    }

    private void publish(PutOperation put, ContentHash hash, Outcome<PutResult> outcome) {
        PutRequest request = put.request();
        Key key = request.key();
        boolean existed = tiers.peek(key.buffer(), 0, key.length(), view);
        ErrorCode refusal = request.refusalOver(existed ? view.etag() : null);
        if (refusal != null) {
            put.abort();
            outcome.onFailure(refusal, refusalMessage(request, refusal, existed ? view.etag() : "none"), 0);
        } else {
            drops.besideFrame(key);
            // Overtaken by an invalidation, the value was written and dropped at once: both were asked for.
            boolean isPublished = put.publish(hash.crc(), hash.etag());
            if (!isPublished && put.isLost()) {
                outcome.onFailure(ErrorCode.CORRUPT, LOST, 0);
            } else {
                outcome.onDone(new PutResult(hash.etag(), !existed));
            }
        }
    }

    private void writeThrough(PutOperation put, Outcome<PutResult> outcome) {
        Mount mount = mounts.successorOf(put.mount());
        if (mount == null) {
            put.abort();
            outcome.onFailure(ErrorCode.STORE_UNAVAILABLE, "the mount was taken away meanwhile: mount='" + put.mount()
                    .prefix() + "'", 0);
            return;
        }
        boolean accepted = calls.acquire(mount, () -> {
            StorePath path = mount.objectPath(put.request().key());
            boolean overwrite = put.request().condition() != PutCondition.IF_ABSENT;
            WriteOptions options = WriteOptions.CREATE.overwrite(overwrite).contentType(put.request().contentType());
            calls.askOnce(mount, "write", timeoutMs(put.request()), () -> mount.store().write(path, put.payload(),
                    options),
                    (written, failure) -> {
                        put.abort();
                        calls.release(mount);
                        if (failure instanceof InternalError) {
                            tiers.onMemoryFault();
                            Writes.failed(put.mount(), put.request().key(), new TiercelException(ErrorCode.CORRUPT,
                                    LOST,
                                    failure), drops, outcome);
                        } else if (failure != null) {
                            Writes.failed(put.mount(), put.request().key(), failure, drops, outcome);
                        } else {
                            acknowledge(put.request().key(), new PutResult(textOf(written.etag()), written.isCreated()),
                                    outcome);
                        }
                    });
        });
        if (!accepted) {
            put.abort();
            outcome.onFailure(ErrorCode.OVERLOADED, "too many store calls wait already: raise load.queue", 1000);
        }
    }

    /** A write may take as long as a load, or as its client waits, if that is longer; then it is interrupted. */
    private long timeoutMs(PutRequest request) {
        return Math.max(TimeUnit.NANOSECONDS.toMillis(writeDeadlineNs), request.timeoutMs());
    }

    private void acknowledge(Key key, PutResult result, Outcome<PutResult> outcome) {
        try {
            drops.key(key);
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
            return;
        }
        outcome.onDone(result);
    }

    private static String textOf(@Nullable String etag) {
        return etag == null ? "" : etag;
    }
}
