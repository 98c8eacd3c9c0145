package io.tiercel.tier;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The live frame of each key, by its hash, as a check of a whole directory needs it. Not threadsafe. */
final class FrameMap {
    /** Where a frame lies, and its sequence. */
    record Found(int slot, int offset, long sequence) {}

    private final Long2ObjectHashMap<Found> frames = new Long2ObjectHashMap<>();

    /** Adds a frame; answers the one of its key that was there, of which the higher sequence stays, or null. */
    @Nullable
    Found add(long hash, Found found) {
        Found before = frames.putIfAbsent(hash, found);
        if (before != null && before.sequence() < found.sequence()) {
            frames.put(hash, found);
        }
        return before;
    }

    @Nullable
    Found find(long hash) {
        return frames.get(hash);
    }

    long count() {
        return frames.size();
    }
}
