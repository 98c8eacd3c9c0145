package io.tiercel.shard;

import io.tiercel.Key;

/**
 * A move or a copy. Immutable.
 *
 * @param keepsSource whether it is a copy
 * @param overwrite   whether an object at {@code to} is replaced; otherwise it is ALREADY_EXISTS
 * @param timeoutMs   that the caller waits
 */
public record MoveRequest(Key from, Key to, boolean keepsSource, boolean overwrite, long timeoutMs) {}
