/**
 * The words that client and node share: keys, error codes, the one exception type.
 *
 * <p>Everything here is immutable and threadsafe. It imports Agrona alone. Start with {@link io.tiercel.Key}.
 */
@NullMarked
package io.tiercel;

import org.jspecify.annotations.NullMarked;
