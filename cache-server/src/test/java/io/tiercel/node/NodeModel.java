package io.tiercel.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a node may answer: any committed version of a key, at or after the last acknowledged write or invalidation that
 * covers it. Threadsafe.
 */
final class NodeModel {
    final AtomicLong moments = new AtomicLong();
    final AtomicLong served = new AtomicLong();
    final AtomicLong partsServed = new AtomicLong();
    final AtomicLong missed = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    private final Map<String, ModelKey> keys = new LinkedHashMap<>();
    private final List<ModelKey> all = new ArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    void add(String name, @Nullable ModelStore store) {
        ModelKey key = new ModelKey(name, store);
        keys.put(name, key);
        all.add(key);
    }

    ModelKey key(String name) {
        return Objects.requireNonNull(keys.get(name), name);
    }

    List<ModelKey> all() {
        return all;
    }

    long now() {
        return moments.incrementAndGet();
    }

    /** All at and under a prefix, everything for an empty one. */
    List<ModelKey> under(String prefix) {
        return all.stream().filter(key -> prefix.isEmpty() || key.name.equals(prefix) || key.name.startsWith(prefix
                + '/')).toList();
    }

    /** Judges a whole object that was read. */
    void judge(ModelKey key, long floor, byte[] bytes, String where) {
        served.incrementAndGet();
        String name = ModelPayload.nameOf(bytes);
        ModelKey.Version version = name == null ? null : key.version(name);
        if (version == null || !key.isPossible(version)) {
            violate(where + ": bytes of no committed version: length=" + bytes.length + " begin='" + new String(bytes,
                    0, Math.min(40, bytes.length), StandardCharsets.ISO_8859_1) + "' " + key.told());
        } else if (version.until < floor) {
            violate(where + ": stale: version=" + name + " floor=" + floor + ' ' + key.told());
        }
    }

    /** Judges a part of an object that was read. */
    void judgePart(ModelKey key, long floor, byte[] part, int from, int total, String where) {
        partsServed.incrementAndGet();
        for (ModelKey.Version version : key.versions()) {
            if (version.until >= floor && version.length == total && key.isPossible(version)) {
                byte[] whole = ModelPayload.of(version.name);
                if (Arrays.equals(whole, from, from + part.length, part, 0, part.length)) {
                    return;
                }
            }
        }
        violate(where + ": part of no version that may be served: from=" + from + " length=" + part.length + " of="
                + total + " floor=" + floor + ' ' + key.told());
    }

    void judgeMiss(ModelKey key, long floor, String where) {
        missed.incrementAndGet();
        if (!key.mayBeAbsent(floor)) {
            violate(where + ": told that there is nothing: floor=" + floor + ' ' + key.told());
        }
    }

    void violate(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
