/**
 * What stores share whose folders are only parts of names: object stores, tables of blobs.
 *
 * <p>It imports {@code io.tiercel.storage}. Start with {@link io.tiercel.storage.flat.FlatListing}.
 */
@NullMarked
package io.tiercel.storage.flat;

import org.jspecify.annotations.NullMarked;
