/**
 * Measurements: JMH benchmarks in {@code .jmh}, rigs beside peers in {@code .rig}, trace replay in {@code .replay}.
 * <p>
 * May import everything; nothing imports it.
 */
@NullMarked
package io.tiercel.bench;

import org.jspecify.annotations.NullMarked;
