/**
 * The two tiers as one store: frames on the heap before frames in mapped segments, with what keeps them coherent.
 *
 * <p>Single writer: the shard agent alone enters, but for the few types whose Javadoc says otherwise
 * ({@link io.tiercel.tier.Pinned}, the payload of an {@link io.tiercel.tier.Allocation}). Start with
 * {@link io.tiercel.tier.TieredStore}, then {@code FrameFinder} for reads and {@code FramePublisher} for writes.
 * Imports index, eviction, invalidation and segment; nothing above it.
 */
@NullMarked
package io.tiercel.tier;

import org.jspecify.annotations.NullMarked;
