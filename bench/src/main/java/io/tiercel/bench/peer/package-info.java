/**
 * What a reader would use instead: servers of others, started and surely ended, and the fastest honest way to read from
 * each that we know.
 * <p>
 * Any thread may start a server; a way belongs to one thread. Start reading at {@link io.tiercel.bench.peer.SocketPath}.
 * Imports {@code .load} and {@code .process}.
 */
@NullMarked
package io.tiercel.bench.peer;

import org.jspecify.annotations.NullMarked;
