/**
 * A store on the heap, gone with its process ({@code memory:}), with real folders: the plainest adapter there is, and the
 * one that the contract suite is checked against.
 *
 * <p>Any thread may enter: readers and listings take no lock, writers take one among themselves, after the bytes are in.
 * It imports {@code io.tiercel.storage}. Start with {@link io.tiercel.storage.memory.MemoryStorage}.
 */
@NullMarked
package io.tiercel.storage.memory;

import org.jspecify.annotations.NullMarked;
