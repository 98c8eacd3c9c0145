package io.tiercel.node;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was ever committed of one key, and until when each of it may be served. Threadsafe.
 *
 * <p>Moments are stamps of one counter. A version may be served while its {@link Version#until} is not before the key's
 * {@link #floor}: the floor is a moment at or before which the last acknowledged write or invalidation took effect, and a
 * version's end one at or after which it was superseded. Both err to the side that accuses nobody wrongly.
 */
final class ModelKey {
    static final long EVER = Long.MAX_VALUE;

    /** One committed version. */
    static final class Version {
        final String name;
        final int length;
        volatile long until = EVER;
        /** When the store had it, for versions that a store holds. */
        volatile long committed;
        /** Whether a store was given it, for versions that a store holds. */
        volatile boolean isTold;

        Version(String name) {
            this.name = name;
            this.length = ModelPayload.lengthOf(name);
        }
    }

    final String name;
    final boolean isStored;
    private final @Nullable ModelStore store;
    final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong floor = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, Version> versions = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Long> changes = new ConcurrentSkipListSet<>();
    private volatile long absentUntil = EVER;
    private @Nullable Version current;

    ModelKey(String name, @Nullable ModelStore store) {
        this.name = name;
        this.store = store;
        this.isStored = store != null;
    }

    String nextVersion() {
        return name + '#' + numbers.incrementAndGet();
    }

    /** A change of its store that the node does not know of; null removes. */
    void change(@Nullable String version) {
        Objects.requireNonNull(store, "only in the cache").change(this, version);
    }

    long floor() {
        return floor.get();
    }

    /** Something acknowledged took effect at this moment or later. */
    void raise(long moment) {
        floor.accumulateAndGet(moment, Math::max);
    }

    Version begin(String version) {
        return versions.computeIfAbsent(version, Version::new);
    }

    @Nullable
    Version version(String version) {
        return versions.get(version);
    }

    Iterable<Version> versions() {
        return versions.values();
    }

    /** Whether a reader may be told that there is nothing. */
    boolean mayBeAbsent(long floorThen) {
        return !isStored || absentUntil >= floorThen;
    }

    /** Whether it can be that a reader gets it: what no store was ever given comes from nowhere. */
    boolean isPossible(Version version) {
        return !isStored || version.isTold;
    }

    /** Has the store hold a version, under {@link #changing}; one that a write repeats is committed again. */
    void store(String name, Runnable change, AtomicLong moments, boolean isThroughNode) {
        Version version = begin(name);
        boolean wasTold = version.isTold;
        long endedThen = version.until;
        version.isTold = true;
        version.until = EVER;
        try {
            change.run();
        } catch (RuntimeException e) {
            version.isTold = wasTold;
            version.until = endedThen;
            throw e;
        }
        if (current != version) {
            end(moments.incrementAndGet());
        }
        // A moment of its own, behind the end of what was before.
        version.committed = moments.incrementAndGet();
        current = version;
        if (isThroughNode) {
            changes.add(version.committed);
        }
    }

    /** Has the store hold nothing, under {@link #changing}. */
    void remove(Runnable change, AtomicLong moments, boolean isThroughNode) {
        long absentThen = absentUntil;
        absentUntil = EVER;
        try {
            change.run();
        } catch (RuntimeException e) {
            absentUntil = absentThen;
            throw e;
        }
        Version before = current;
        if (before != null) {
            before.until = moments.incrementAndGet();
            current = null;
        }
        if (isThroughNode) {
            changes.add(moments.incrementAndGet());
        }
    }

    private void end(long moment) {
        Version before = current;
        if (before == null) {
            absentUntil = moment;
        } else {
            before.until = moment;
        }
    }

    /** What its store holds, under {@link #changing}. */
    @Nullable
    String held() {
        Version held = current;
        return held == null ? null : held.name;
    }

    /** The earliest change by the node since a moment, so not after the one that was acknowledged; else that moment. */
    long changedSince(long moment) {
        Long found = changes.ceiling(moment);
        return found == null ? moment : found;
    }

    String told() {
        StringBuilder out = new StringBuilder(name + " floor=" + floor + " absentUntil=" + absentUntil);
        versions.values().stream().sorted((a, b) -> Long.compare(b.committed, a.committed)).limit(8).forEach(
                version -> out.append(' ')
                        .append(version.name).append("@committed=").append(version.committed).append(",until=").append(
                                version.until));
        return out.toString();
    }
}
