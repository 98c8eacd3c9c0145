package io.tiercel.invalidation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes fewer prefixes of many: level by level from the deepest, children give way to their parent, which takes the
 * highest of their epochs. A parent of the first level is the root. Not threadsafe; slow path.
 */
final class PrefixCoalescer {
    private Map<String, Long> epochs = new HashMap<>();
    private long rootEpoch;

    void add(byte[] prefix, long epoch) {
        epochs.merge(new String(prefix, StandardCharsets.UTF_8), epoch, Math::max);
    }

    void reduceTo(int most) {
        while (epochs.size() > most) {
            liftLevel(deepestLevel());
        }
    }

    private int deepestLevel() {
        int deepest = 1;
        for (String prefix : epochs.keySet()) {
            deepest = Math.max(deepest, levelOf(prefix));
        }
        return deepest;
    }

    private void liftLevel(int level) {
        Map<String, Long> lifted = new HashMap<>();
        epochs.forEach((prefix, epoch) -> {
            if (levelOf(prefix) < level) {
                lifted.merge(prefix, epoch, Math::max);
            } else if (level == 1) {
                rootEpoch = Math.max(rootEpoch, epoch);
            } else {
                lifted.merge(prefix.substring(0, prefix.lastIndexOf('/')), epoch, Math::max);
            }
        });
        epochs = lifted;
    }

    private static int levelOf(String prefix) {
        int level = 1;
        for (int i = 0; i < prefix.length(); i++) {
            level += prefix.charAt(i) == '/' ? 1 : 0;
        }
        return level;
    }

    /** Epoch below which every frame is dead; 0 when the root was not reached. */
    long rootEpoch() {
        return rootEpoch;
    }

    int count() {
        return epochs.size();
    }

    void forEach(PrefixEpochs.Visitor visitor) {
        epochs.forEach((prefix, epoch) -> visitor.onPrefix(prefix.getBytes(StandardCharsets.UTF_8), epoch));
    }
}
