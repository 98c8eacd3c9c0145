package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.json.JsonWriter;
import io.tiercel.load.Freshness;
import io.tiercel.load.Mount;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.MountTable;
import io.tiercel.load.Protection;
import io.tiercel.load.Sizes;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.TieredStore;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says in JSON what would answer a read of a key at this moment, and why. It asks no store, and changes no count and no
 * frame's standing. Single writer: shard agent.
 */
final class Explainer {
    private final TieredStore tiers;
    private final MountTable mounts;
    private final Loads loads;
    private final Freshener freshener;
    private final FrameView view = new FrameView();

    /** What answers. */
    private enum Answer {
        HEAP,
        MAPPED,
        PAGES,
        STALE,
        STORE,
        NOTHING
    }

    Explainer(TieredStore tiers, MountTable mounts, Loads loads, Freshener freshener) {
        this.tiers = tiers;
        this.mounts = mounts;
        this.loads = loads;
        this.freshener = freshener;
    }

    String explain(Key key) {
        Mount mount = mounts.mountOf(key.toString());
        JsonWriter out = new JsonWriter().beginObject().field("key", key.toString());
        answer(out, key, mount);
        if (mount != null) {
            boolean hasStore = !mount.isCacheOnly();
            out.field("mount", mount.prefix()).field("store", mount.uri()).field("state", mount.state().label());
            out.field("path", hasStore ? mount.pathInStore(key.toString()) : null);
            out.field("loading", hasStore && loads.isLoading(key));
            policy(out, mount.policy());
        }
        return out.endObject().toString();
    }

    private void answer(JsonWriter out, Key key, @Nullable Mount mount) {
        boolean hasStore = mount != null && !mount.isCacheOnly();
        if (tiers.peek(key.buffer(), 0, key.length(), view)) {
            boolean isHeap = Shard.servedBy(view) == Served.HEAP;
            frame(out, isHeap ? Answer.HEAP : Answer.MAPPED, "a frame of it is there and valid", view.payloadLength());
            return;
        }
        Manifest manifest = hasStore ? loads.parts().find(key, view) : null;
        if (manifest != null) {
            frame(out, Answer.PAGES, "it is kept in pages of " + manifest.pageSize()
                    + " bytes; a page that is not there is"
                    + " loaded", manifest.totalLength());
        } else if (tiers.isRebuilding()) {
            say(out, hasStore ? Answer.STORE : Answer.NOTHING,
                    "the index is being rebuilt: a read waits for what it may still find");
        } else if (mount == null) {
            say(out, Answer.NOTHING, "no mount covers it");
        } else if (!hasStore) {
            say(out, Answer.NOTHING, "it is not in the cache, and its mount has no store");
        } else if (mounts.isFolder(key.toString())) {
            say(out, Answer.NOTHING, "it is a folder");
        } else if (loads.isMissing(key)) {
            say(out, Answer.NOTHING, "the store did not have it a moment ago (negativeTtl)");
        } else {
            expired(out, key, mount);
        }
    }

    private void expired(JsonWriter out, Key key, Mount mount) {
        switch (freshener.find(key, mount, view)) {
            case SERVED -> frame(out, Answer.STALE, "its frame has expired and is served while the store is asked"
                    + " (staleWhileRevalidate)", view.payloadLength());
            case KEPT -> frame(out, Answer.STORE, "its frame has expired and is served if the store cannot be asked"
                    + " (staleIfError)", view.payloadLength());
            case NONE -> say(out, Answer.STORE, loads.isLoading(key)
                    ? "it is being loaded: a read joins that"
                    : "no tier has it: a read loads it");
        }
    }

    private void frame(JsonWriter out, Answer answer, String why, long length) {
        long expiresAtMs = view.expiresAtMs();
        say(out, answer, why);
        out.field("length", length).field("etag", view.etag());
        out.field("expires", expiresAtMs == 0 ? null : Instant.ofEpochMilli(expiresAtMs).toString());
    }

    private static void say(JsonWriter out, Answer answer, String why) {
        out.field("answer", answer.name().toLowerCase(Locale.ROOT)).field("why", why);
    }

    private static void policy(JsonWriter out, MountPolicy policy) {
        Freshness freshness = policy.freshness();
        Sizes sizes = policy.sizes();
        Protection protection = policy.protection();
        out.beginObject("policy").field("readOnly", policy.isReadOnly()).field("ttlMs", freshness.ttlMs())
                .field("ttlJitter", Double.toString(freshness.ttlJitter()))
                .field("negativeTtlMs", freshness.negativeTtlMs())
                .field("staleWhileRevalidateMs", freshness.staleWhileRevalidateMs())
                .field("staleIfErrorMs", freshness.staleIfErrorMs())
                .field("refreshAheadMs", freshness.refreshAheadMs()).field("slidingTtl", freshness.isSliding())
                .field("storeFreshness", freshness.obeysStore()).field("maxObject", sizes.maxObject())
                .field("maxListing", sizes.maxListing()).field("pageThreshold", sizes.pageThreshold())
                .field("pageSize", sizes.pageSize()).field("permits", protection.permits())
                .field("timeoutMs", protection.timeoutMs()).field("attempts", protection.retry().attempts())
                .field("breakerFailures", protection.breakerFailures()).field("breakerOpenMs", protection
                        .breakerOpenMs())
                .endObject();
    }
}
