/**
 * Measurements: JMH benchmarks in {@code .jmh}, the processes that they measure against in {@code .process}. Start
 * reading at {@link io.tiercel.bench.BenchCommand}.
 * <p>
 * May import everything; nothing imports it.
 */
@NullMarked
package io.tiercel.bench;

import org.jspecify.annotations.NullMarked;
