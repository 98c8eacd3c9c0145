package io.tiercel.shard;

/**
 * What is known of a key without its bytes. Immutable.
 *
 * @param length         bytes of payload; 0 for a folder
 * @param etag           with its quotes; empty where there is none
 * @param contentType    empty where there is none
 * @param lastModifiedMs since 1970; 0 where the store has none
 * @param expiresAtMs    since 1970; 0 when the entry is not cached or does not expire
 * @param tier           {@code heap}, {@code mapped}, or empty when the store answered
 * @param mount          prefix of the mount; empty for the root's
 * @param weight         bytes in the mapped tier; 0 when not cached
 * @param epoch          at which the cached frame's load began; 0 when not cached
 */
public record StatResult(EntryKind kind, long length, String etag, String contentType, long lastModifiedMs,
        long expiresAtMs, String tier, String mount, long weight, long epoch) {}
