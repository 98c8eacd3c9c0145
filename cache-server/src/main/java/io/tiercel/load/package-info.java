/**
 * What stands between the shard and the stores: mounts, permits, calls on virtual threads, listings over mounts.
 *
 * <p>{@link io.tiercel.load.StoreCalls} is the only door: the shard thread asks there, a virtual thread calls the store
 * and may block, the outcome comes back as a task for the shard thread. Start with {@link io.tiercel.load.Mount}.
 * Imports {@code io.tiercel} and {@code io.tiercel.storage}; knows no tier.
 */
@NullMarked
package io.tiercel.load;

import org.jspecify.annotations.NullMarked;
