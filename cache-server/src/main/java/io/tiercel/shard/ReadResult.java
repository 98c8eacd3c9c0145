package io.tiercel.shard;

import io.tiercel.tier.Pinned;

/**
 * A read's answer. Whoever gets it owes {@link Commands#release} for the frame, once, whatever happens.
 *
 * @param frame  valid until it is released
 * @param served what answered
 */
public record ReadResult(Pinned frame, Served served) {}
