package io.tiercel.node;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How many threads spin for a node. Immutable. */
public enum Profile {
    /** The media driver runs on the shard's thread: one thread that works, for machines of few cores. */
    COMPACT,
    /** The media driver has one thread of its own. */
    SHARED,
    /** The media driver's conductor, sender and receiver have a thread each. */
    DEDICATED;

    /** What a machine of so many cores takes when nothing is asked for. */
    static Profile ofCores(int coreCount) {
        if (coreCount < 4) {
            return COMPACT;
        }
        return coreCount < 8 ? SHARED : DEDICATED;
    }

    /** The profile of a name as it is configured, or null. */
    static @Nullable Profile tryOf(String name) {
        for (Profile profile : values()) {
            if (profile.toString().equals(name)) {
                return profile;
            }
        }
        return null;
    }

    /** The name as it is configured: {@code compact}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
