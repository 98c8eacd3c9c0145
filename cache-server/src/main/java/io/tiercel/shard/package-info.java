/**
 * The shard: the one thread that owns the tiers, and its only door, {@link io.tiercel.shard.Commands}.
 * <p>
 * Gateways enter through Commands from any thread; everything else here belongs to the shard's own. The records and
 * enums are immutable values. Start with Commands, then {@link io.tiercel.shard.NodeStatus}.
 */
@NullMarked
package io.tiercel.shard;

import org.jspecify.annotations.NullMarked;
