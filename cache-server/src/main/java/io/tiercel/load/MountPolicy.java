package io.tiercel.load;

/**
 * How frames of one mount are kept.
 *
 * @param ttlMs age at which a frame expires, 0: never.
 * @param maxObject largest payload that is cached, bytes, inclusive.
 * @param readOnly whether writes and deletes are refused.
 * @param timeoutMs time that the store may take to open, describe, delete or list; bodies have {@code load.deadline}.
 */
public record MountPolicy(long ttlMs, long maxObject, boolean readOnly, long timeoutMs) {}
