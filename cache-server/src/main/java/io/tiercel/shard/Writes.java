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
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import org.jspecify.annotations.Nullable;

/** Deletes, and the rules that all writes share. Single writer: shard agent. */
final class Writes {
    private final TieredStore tiers;
    private final MountTable mounts;
    private final StoreCalls calls;
    private final Drops drops;
    private final FrameView view = new FrameView();

    Writes(TieredStore tiers, MountTable mounts, StoreCalls calls, Drops drops) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.calls = calls;
        this.drops = drops;
    }

    /** Deletes in the store, then drops from the tiers, then answers whether there was anything. */
    void delete(Key key, boolean isRecursive, Outcome<Boolean> outcome) {
        Mount mount = mounts.mountOf(key.toString());
        if (mount == null) {
            outcome.onFailure(ErrorCode.NOT_FOUND, "no mount covers the key: key=" + key, 0);
            return;
        }
        try {
            requireWritable(mount, Capability.DELETE, key);
            if (mount.isCacheOnly()) {
                outcome.onDone(deleteCached(key, isRecursive));
            } else {
                deleteStored(mount, key, isRecursive, outcome);
            }
        } catch (TiercelException e) {
            outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }

    private boolean deleteCached(Key key, boolean isRecursive) {
        if (isRecursive) {
            drops.prefix(key);
            return true;
        }
        boolean existed = tiers.peek(key.buffer(), 0, key.length(), view);
        drops.key(key);
        return existed;
    }

    private void deleteStored(Mount mount, Key key, boolean isRecursive, Outcome<Boolean> outcome) {
        var path = mount.objectPath(key);
        boolean accepted = calls.acquire(mount, () -> calls.askOnce(mount, "delete", mount.policy().protection()
                .timeoutMs(), () -> {
                    if (isRecursive) {
                        return mount.store().deleteRecursively(path) > 0;
                    }
                    try {
                        mount.store().delete(path, false);
                        return true;
                    } catch (StorageException e) {
                        if (e.kind() == StorageException.Kind.NOT_FOUND) {
                            return false;
                        }
                        throw e;
                    }
                }, (existed, failure) -> {
                    calls.release(mount);
                    try {
                        if (failure != null && isRecursive) {
                            // Some of it may be gone.
                            drops.prefix(key);
                        }
                        if (failure != null) {
                            failed(mount, key, failure, drops, outcome);
                            return;
                        }
                        if (isRecursive) {
                            drops.prefix(key);
                        } else {
                            drops.key(key);
                        }
                        outcome.onDone(existed);
                    } catch (TiercelException e) {
                        outcome.onFailure(e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
                    }
                }));
        if (!accepted) {
            outcome.onFailure(ErrorCode.OVERLOADED, "too many store calls wait already: raise load.queue", 1000);
        }
    }

    /** Refuses a write where the mount or its store does not take any. */
    static void requireWritable(Mount mount, Capability needed, Key key) {
        if (mount.policy().isReadOnly()) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "mount is read-only: mount='" + mount.prefix() + "' key=" + key);
        }
        if (!mount.isCacheOnly() && !mount.can(needed)) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "store lacks " + needed + ": mount='" + mount.prefix() + "' key=" + key);
        }
    }

    /** Tells of a failed write; where nobody knows whether it took effect, the cached value goes. */
    static void failed(Mount mount, Key key, Throwable failure, Drops drops, Outcome<?> outcome) {
        TiercelException error = StoreErrors.translate(mount, failure);
        if (isOutcomeUnknown(error.code())) {
            try {
                drops.key(key);
            } catch (TiercelException e) {
                error.addSuppressed(e);
            }
        }
        outcome.onFailure(error.code(), String.valueOf(error.getMessage()), error.retryAfterMs());
    }

    static boolean isOutcomeUnknown(@Nullable ErrorCode code) {
        return code == ErrorCode.STORE_UNAVAILABLE || code == ErrorCode.TIMEOUT || code == ErrorCode.INTERNAL
                || code == ErrorCode.CORRUPT;
    }
}
