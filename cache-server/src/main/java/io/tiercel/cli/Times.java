package io.tiercel.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as programs read them: RFC 3339, UTC. Stateless. */
final class Times {
    private Times() {}

    /** Text of milliseconds since 1970; null for 0, which says that nothing is known. */
    static @Nullable String utc(long epochMs) {
        return epochMs == 0 ? null : Instant.ofEpochMilli(epochMs).toString();
    }
}
