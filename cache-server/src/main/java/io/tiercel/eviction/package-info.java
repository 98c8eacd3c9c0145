/**
 * Which segment is given up when room is needed.
 *
 * <p>Single writer: the shard agent. Start with {@link io.tiercel.eviction.SegmentPolicy}. Imports nothing of the
 * server.
 */
@NullMarked
package io.tiercel.eviction;

import org.jspecify.annotations.NullMarked;
