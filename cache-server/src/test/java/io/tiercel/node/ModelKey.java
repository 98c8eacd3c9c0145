package io.tiercel.node;

import java.util.Map;
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
        final int number;
        volatile long until = EVER;
        /** When the store had it, for versions that a store holds. */
        volatile long committed;
        /** Whether a store was given it, for versions that a store holds. */
        volatile boolean isTold;

        Version(int number) {
            this.number = number;
        }
    }

    final String name;
    final boolean isStored;
    final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong floor = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Version> versions = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Long> deletes = new ConcurrentSkipListSet<>();
    private volatile long absentUntil = EVER;
    private @Nullable Version current;

    ModelKey(String name, boolean isStored) {
        this.name = name;
        this.isStored = isStored;
    }

    int nextNumber() {
        return numbers.incrementAndGet();
    }

    long floor() {
        return floor.get();
    }

    /** Something acknowledged took effect at this moment or later. */
    void raise(long moment) {
        floor.accumulateAndGet(moment, Math::max);
    }

    Version begin(int number) {
        return versions.computeIfAbsent(number, Version::new);
    }

    @Nullable
    Version version(int number) {
        return versions.get(number);
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
    void store(int number, Runnable change, AtomicLong moments) {
        Version version = begin(number);
        version.isTold = true;
        version.until = EVER;
        change.run();
        if (current != version) {
            end(moments.incrementAndGet());
        }
        // A moment of its own, behind the end of what was before.
        version.committed = moments.incrementAndGet();
        current = version;
    }

    /** Has the store hold nothing, under {@link #changing}. */
    void remove(Runnable change, AtomicLong moments, boolean isThroughNode) {
        absentUntil = EVER;
        change.run();
        Version before = current;
        if (before != null) {
            before.until = moments.incrementAndGet();
            current = null;
        }
        if (isThroughNode) {
            deletes.add(moments.incrementAndGet());
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

    boolean isAbsent() {
        return current == null;
    }

    /** The earliest delete by the node since a moment: not after the one that was acknowledged. */
    long deletedSince(long moment) {
        Long found = deletes.ceiling(moment);
        return found == null ? moment : found;
    }

    String told() {
        StringBuilder out = new StringBuilder(name + " floor=" + floor + " absentUntil=" + absentUntil);
        versions.values().stream().sorted((a, b) -> b.number - a.number).limit(8).forEach(version -> out.append(' ')
                .append(version.number).append("@committed=").append(version.committed).append(",until=").append(
                        version.until));
        return out.toString();
    }
}
