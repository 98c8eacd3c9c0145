package io.tiercel.node;

/**
 * A setting as a node runs with it. Immutable.
 *
 * @param key in full, {@code mounts.lake.ttl}.
 * @param value as it would be written; no setting holds a secret.
 * @param origin option, environment, file and line, or {@code default}.
 */
public record EffectiveSetting(String key, String value, String origin) {}
