/**
 * What a node measures, in the words of Prometheus: counters of the node's status as they are when asked, latencies of
 * its gateways. Keys and paths are never labels; a mount's prefix is one, since the configuration bounds them.
 * <p>
 * Recording is threadsafe and allocates nothing; asking is rare and may. Start with {@link io.tiercel.metrics.HttpMetrics}
 * and {@link io.tiercel.metrics.StatusMetrics}. Imports the shard's values.
 */
@NullMarked
package io.tiercel.metrics;

import org.jspecify.annotations.NullMarked;
