package io.tiercel.client;

import io.tiercel.Key;

/**
 * What is known of a path without its bytes. Immutable and threadsafe.
 *
 * @param key the path asked for.
 * @param kind file or folder.
 * @param length bytes of payload; 0 for a folder.
 * @param etag with its quotes, or empty.
 * @param contentType or empty.
 * @param lastModifiedMs ms since 1970, 0 when the store does not say.
 * @param expiresAtMs ms since 1970, 0: never, or not cached.
 * @param tier where it is cached: HEAP or MAPPED; STORE when it is not.
 * @param mount prefix of the mount that answers for the key.
 * @param weight bytes that it takes in the mapped tier, 0 when it is not cached.
 * @param epoch invalidation epoch at which its load began, 0 when it is not cached.
 */
public record Stat(Key key, EntryKind kind, long length, String etag, String contentType, long lastModifiedMs,
        long expiresAtMs, Served tier, String mount, long weight, long epoch) {}
