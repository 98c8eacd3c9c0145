/**
 * Caches in this process behind one small interface: our tiers and their peers, for the same keys and payloads. One
 * thread at a time may enter a cache.
 * <p>
 * Start reading at {@link io.tiercel.bench.cache.PayloadCache}, then {@link io.tiercel.bench.cache.CacheSystem}. What a
 * peer is set to, and why that is its fastest, stands in its class. Imports the tiers of the node and the peers.
 */
@NullMarked
package io.tiercel.bench.cache;

import org.jspecify.annotations.NullMarked;
