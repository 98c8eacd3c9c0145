/**
 * Traces of real caches, replayed through the node's own eviction.
 *
 * <p>One thread. Start with {@link io.tiercel.bench.replay.ReplayCommand}. May import everything; nothing imports it but
 * the command line.
 */
@NullMarked
package io.tiercel.bench.replay;

import org.jspecify.annotations.NullMarked;
