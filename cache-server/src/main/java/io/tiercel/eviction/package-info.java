/**
 * Which entries are worth keeping.
 *
 * <p>Single writer: the shard agent. Start with {@link io.tiercel.eviction.EvictionPolicy}, then
 * {@link io.tiercel.eviction.AdaptivePolicy}, which follows the best of several shadows over one table of entries outside
 * the heap. Imports nothing of the server.
 */
@NullMarked
package io.tiercel.eviction;

import org.jspecify.annotations.NullMarked;
