/**
 * Arrow IPC streams and files read where a frame lies: record batches are wrapped, never copied.
 *
 * <p>Start with {@link io.tiercel.arrow.ArrowFrame}. An object of this package belongs to one thread at a time; the
 * frame's hold is given up by whichever thread releases the last Arrow buffer of it. What a frame says of itself is
 * believed only after {@code BatchCheck} and, for bytes from strangers, {@code ValueCheck}. Imports Arrow, which the
 * caller brings (arrow-vector, an arrow-memory implementation, and arrow-compression for compressed bodies), and needs
 * {@code --add-opens=java.base/java.nio=ALL-UNNAMED}.
 */
@NullMarked
package io.tiercel.arrow;

import org.jspecify.annotations.NullMarked;
