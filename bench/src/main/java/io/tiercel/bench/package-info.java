/**
 * Measurements: JMH benchmarks in {@code .jmh}, rigs beside peers in {@code .rig}, traces in {@code .replay}, faults in
 * {@code .soak}; what they measure, in processes of its own, in {@code .node}, {@code .echo} and {@code .peer}, in this one
 * in {@code .cache}. Start reading at {@link io.tiercel.bench.BenchCommand}.
 * <p>
 * May import everything; nothing imports it.
 */
@NullMarked
package io.tiercel.bench;

import org.jspecify.annotations.NullMarked;
