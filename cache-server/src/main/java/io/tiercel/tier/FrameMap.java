package io.tiercel.tier;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live frame of each key, by its hash, as a check of a whole directory needs it. Not threadsafe. */
final class FrameMap {
    private record Hash(long hash, long hash2) {}

    /** Where a frame lies, and its sequence. */
    record Found(int slot, int offset, long sequence) {}

    private final Map<Hash, Found> frames = new HashMap<>();

    /** Adds a frame; answers the one of its key that was there, of which the higher sequence stays, or null. */
    @Nullable
    Found add(long hash, long hash2, Found found) {
        Found before = frames.putIfAbsent(new Hash(hash, hash2), found);
        if (before != null && before.sequence() < found.sequence()) {
            frames.put(new Hash(hash, hash2), found);
        }
        return before;
    }

    @Nullable
    Found find(long hash, long hash2) {
        return frames.get(new Hash(hash, hash2));
    }

    long count() {
        return frames.size();
    }
}
