/**
 * Processes that fetch an Arrow frame and read its first value, and the peer that Arrow itself brings: Flight.
 * <p>
 * One thread a process. Start reading at {@link io.tiercel.bench.arrow.FirstValueProcess}. Imports {@code .load},
 * {@code .peer}, {@code .process} and the client library.
 */
@NullMarked
package io.tiercel.bench.arrow;

import org.jspecify.annotations.NullMarked;
