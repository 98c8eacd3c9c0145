/**
 * A node in a process of its own and the ways to read from it.
 * <p>
 * Any thread may start one; a way belongs to one thread. Start reading at {@link io.tiercel.bench.node.NodeServer}.
 * Imports {@code .load}, {@code .process}, the client library and the node.
 */
@NullMarked
package io.tiercel.bench.node;

import org.jspecify.annotations.NullMarked;
