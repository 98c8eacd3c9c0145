package io.tiercel.metrics;

import java.util.Locale;

/** What a request asks for: the label of its metrics. */
public enum Operation {
    GET,
    HEAD,
    PUT,
    DELETE,
    MOVE,
    COPY,
    LIST,
    INVALIDATE,
    CAPACITY,
    RELOAD,
    STATUS,
    EXPLAIN,
    METRICS,
    HEALTH,
    DASHBOARD,
    /** Anything else: unknown paths, wrong methods. */
    OTHER;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
