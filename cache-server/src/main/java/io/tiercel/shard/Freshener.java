package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.load.Mount;
import io.tiercel.storage.CacheRules;
import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameRequest;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long what a store said is believed, by its mount's {@link Freshness}: times to live, what is served past them, and
 * what is asked for anew before their end. Single writer: shard agent.
 */
final class Freshener {
    /** How long a client may read a stale frame again without asking: a newer one is told at once, by the frame's death. */
    private static final long STALE_HOLD_MS = 100;
    /** Part of its time to live after which a read begins a sliding one anew: less often would cut it short. */
    private static final int SLIDES_A_LIFE = 16;

    /** What a read meets whose frame has expired. */
    enum Stale {
        /** Nothing is served: there is no such frame, or it is too old. */
        NONE,
        /** It is served while it is asked for anew. */
        SERVED,
        /** It is served when the store cannot be asked. */
        KEPT
    }

    private final TieredStore tiers;
    private final Clock clock;
    private final RandomGenerator random;

    Freshener(TieredStore tiers, Clock clock, RandomGenerator random) {
        this.tiers = tiers;
        this.clock = clock;
        this.random = random;
    }

    /** Finds the expired frame of a key that is still of use; the view is aimed at it unless the answer is NONE. */
    Stale find(Key key, Mount mount, FrameView view) {
        Freshness freshness = mount.policy().freshness();
        if (freshness.graceMs() == 0 || !tiers.peekStale(key.buffer(), 0, key.length(), view)) {
            return Stale.NONE;
        }
        long ageMs = clock.nowMs() - view.expiresAtMs();
        if (ageMs < freshness.staleWhileRevalidateMs()) {
            return Stale.SERVED;
        }
        return ageMs < freshness.graceMs() ? Stale.KEPT : Stale.NONE;
    }

    /** Finds the frame to serve in place of an error, if there is one. */
    boolean findInsteadOf(ErrorCode error, Key key, Mount mount, FrameView view) {
        Freshness freshness = mount.policy().freshness();
        boolean isUnasked = error == ErrorCode.STORE_UNAVAILABLE || error == ErrorCode.TIMEOUT
                || error == ErrorCode.OVERLOADED;
        return isUnasked && freshness.staleIfErrorMs() > 0 && tiers.peekStale(key.buffer(), 0, key.length(), view)
                && clock.nowMs() - view.expiresAtMs() < freshness.staleIfErrorMs();
    }

    /** When a reader of a stale frame is to ask again, ms since 1970. */
    long heldUntilMs() {
        return clock.nowMs() + STALE_HOLD_MS;
    }

    /** Whether what a store gave may be kept at all. */
    boolean mayKeep(Mount mount, ObjectInfo info) {
        return !mount.policy().freshness().obeysStore() || info.cacheRules().mayStore();
    }

    /** How long what a store gave lives, 0 for ever. */
    long ttlMs(Mount mount, ObjectInfo info) {
        Freshness freshness = mount.policy().freshness();
        long maxAgeMs = info.cacheRules().maxAgeMs();
        boolean isStoresWord = freshness.obeysStore() && maxAgeMs != CacheRules.UNKNOWN_AGE;
        long ttlMs = isStoresWord ? Math.max(1, maxAgeMs) : freshness.ttlMs();
        long jitterMs = (long) (ttlMs * freshness.ttlJitter());
        return jitterMs == 0 ? ttlMs : Math.max(1, ttlMs - random.nextLong(jitterMs + 1));
    }

    /** ETag of the frame that is there, valid or expired; empty where there is none to compare with; aims the view. */
    String knownEtag(Load load, FrameView view) {
        Key key = load.key;
        if (load.wanted.kind() != Wanted.Kind.OBJECT || !load.wanted.options().isWhole()) {
            return "";
        }
        boolean isThere = tiers.peek(key.buffer(), 0, key.length(), view) || find(key, load.mount,
                view) != Freshener.Stale.NONE;
        return isThere && load.mount.can(Capability.CONDITIONAL) ? view.etag() : "";
    }

    /** The frame that a load is to fill. */
    FrameRequest requestOf(Load load, ObjectInfo info) {
        String etag = Objects.requireNonNullElse(info.etag(), "");
        int etagLength = etag.isEmpty() ? ContentHash.ETAG_LENGTH : etag.length();
        long length = load.wanted.kind() == Wanted.Kind.PAGE
                ? load.wanted.options().lengthIn(info.length())
                : info.length();
        return new FrameRequest(load.frameKey, length, etagLength, Objects.requireNonNullElse(info.contentType(), ""),
                ttlMs(
                        load.mount, info), info.lastModifiedMs(), load.epoch);
    }

    /** Whether a frame that was read is so near its end that it is to be asked for anew. */
    boolean isRefreshDue(Mount mount, FrameView view) {
        long aheadMs = mount.policy().freshness().refreshAheadMs();
        return aheadMs > 0 && view.expiresAtMs() != 0 && view.expiresAtMs() - clock.nowMs() < aheadMs;
    }

    /** Begins the life of a frame that was read anew, where its mount wants that. */
    void slide(Mount mount, FrameView view) {
        Freshness freshness = mount.policy().freshness();
        long ttlMs = freshness.ttlMs();
        if (freshness.isSliding() && ttlMs > 0 && view.expiresAtMs() != 0
                && view.expiresAtMs() - clock.nowMs() < ttlMs - ttlMs / SLIDES_A_LIFE) {
            tiers.renew(view, clock.nowMs() + ttlMs);
        }
    }

    /** The time before a frame's end from which on its reads are looked at, over all mounts; 0: none is. */
    static long horizonMs(Iterable<Mount> mounts) {
        long horizonMs = 0;
        for (Mount mount : mounts) {
            Freshness freshness = mount.policy().freshness();
            horizonMs = Math.max(horizonMs, freshness.refreshAheadMs());
            horizonMs = Math.max(horizonMs, freshness.isSliding() ? freshness.ttlMs() : 0);
        }
        return horizonMs;
    }
}
