package io.tiercel.bench.soak;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a read of one key may return. One worker, its owner, writes the key, so that versions are numbered in the order of
 * its writes; everybody reads it. Threadsafe.
 *
 * <p>A read may return a version that was issued by the time the read ended, and that is not below the floor which stood
 * when the read began: an acknowledged write raises the floor to its version, an acknowledged invalidation or delete to
 * what the store held as it was asked for, or beyond everything where no store is behind. A write whose outcome is unknown
 * may take effect at any later time while the node that it was sent to lives: its version stays allowed until that node
 * was killed and a later write was acknowledged. A miss is always allowed.
 */
final class SoakKey {
    final String name;
    final Store store;
    private final AtomicLong floor = new AtomicLong();
    private final Set<Doubt> doubts = ConcurrentHashMap.newKeySet();
    private final AtomicLong issued = new AtomicLong();
    /** The last version that is surely committed: acknowledged, or put into its store behind the node's back. */
    private volatile long held;

    /** What is behind a key. */
    enum Store {
        /** Nothing: frames live in the tiers alone. */
        NONE,
        /** A folder of files, which change behind the node's back as well. */
        FILES,
        /** A web server that fails, dawdles and breaks off; read-only. */
        FLAKY
    }

    /** A write of unknown outcome, sent to the n-th node. */
    private record Doubt(long version, int node) {}

    SoakKey(String name, Store store) {
        this.name = name;
        this.store = store;
    }

    /** The next version. Owner. */
    long issue() {
        return issued.incrementAndGet();
    }

    long issued() {
        return issued.get();
    }

    /** What a read that begins now must not go below. */
    long floor() {
        return floor.get();
    }

    /** The store has a version, and the node was not told. Owner. */
    void changed(long version) {
        held = version;
    }

    /** A write through a node was acknowledged. Owner. */
    void written(long version, int node) {
        held = version;
        raise(version);
        doubts.removeIf(doubt -> doubt.node < node);
    }

    /** Nobody knows whether a write took effect, or will. Owner. */
    void doubted(long version, int node) {
        doubts.add(new Doubt(version, node));
    }

    /** What the floor is to be once an invalidation that is about to be asked for is acknowledged. */
    long floorIfInvalidated() {
        return store == Store.NONE ? held + 1 : held;
    }

    /** A delete was acknowledged, before which these versions were issued. Owner. */
    void deleted(long lastIssued) {
        raise(lastIssued + 1);
    }

    void raise(long version) {
        floor.accumulateAndGet(version, Math::max);
    }

    /** What is wrong with a whole object that was read, empty when nothing is. */
    String defectOf(byte[] bytes, long floorThen) {
        return defectOf(bytes, 0, bytes.length, floorThen);
    }

    /** What is wrong with a part of an object, empty when nothing is. */
    String defectOf(byte[] part, int from, int total, long floorThen) {
        long version = SoakPayload.versionOf(name, part, from, total);
        if (version == SoakPayload.UNTOLD) {
            return "";
        }
        if (version < 1 || version > issued()) {
            return "foreign: it says version=" + version + ", issued=" + issued();
        }
        byte[] whole = SoakPayload.of(name, version);
        if (total != whole.length || from + part.length > total
                || !Arrays.equals(part, 0, part.length, whole, from, from + part.length)) {
            return "torn or foreign: it says version=" + version + " of length=" + whole.length + ", total=" + total
                    + " bytes differ at " + firstDifference(part, from, whole);
        }
        return version < floorThen && doubts.stream().noneMatch(doubt -> doubt.version == version)
                ? "stale: version=" + version + " floor=" + floorThen + " issued=" + issued()
                : "";
    }

    private static int firstDifference(byte[] part, int from, byte[] whole) {
        int at = 0;
        while (at < part.length && from + at < whole.length && part[at] == whole[from + at]) {
            at++;
        }
        return from + at;
    }
}
