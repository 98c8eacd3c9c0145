package io.tiercel.invalidation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes fewer prefixes of many: level by level from the deepest, children give way to their parent, which takes the
 * highest of their epochs. A parent of the first level is the root. Not threadsafe; slow path: looks at each prefix
 * once, and again when its level gives way.
 */
final class PrefixCoalescer {
    /** By the number of slashes. */
    private final List<Map<String, Long>> levels = new ArrayList<>();
    private long rootEpoch;
    private int count;

    void add(byte[] prefix, long epoch) {
        int slashes = 0;
        for (byte b : prefix) {
            slashes += b == '/' ? 1 : 0;
        }
        while (levels.size() <= slashes) {
            levels.add(new HashMap<>());
        }
        merge(levels.get(slashes), new String(prefix, StandardCharsets.UTF_8), epoch);
    }

    private void merge(Map<String, Long> level, String prefix, long epoch) {
        int before = level.size();
        level.merge(prefix, epoch, Math::max);
        count += level.size() - before;
    }

    void reduceTo(int most) {
        while (count > most) {
            liftDeepest();
        }
    }

    private void liftDeepest() {
        Map<String, Long> deepest = levels.removeLast();
        count -= deepest.size();
        if (levels.isEmpty()) {
            for (long epoch : deepest.values()) {
                rootEpoch = Math.max(rootEpoch, epoch);
            }
            return;
        }
        Map<String, Long> above = levels.getLast();
        deepest.forEach((prefix, epoch) -> merge(above, prefix.substring(0, prefix.lastIndexOf('/')), epoch));
    }

    /** Epoch below which every frame is dead; 0 when the root was not reached. */
    long rootEpoch() {
        return rootEpoch;
    }

    int count() {
        return count;
    }

    void forEach(PrefixEpochs.Visitor visitor) {
        for (Map<String, Long> level : levels) {
            level.forEach((prefix, epoch) -> visitor.onPrefix(prefix.getBytes(StandardCharsets.UTF_8), epoch));
        }
    }
}
