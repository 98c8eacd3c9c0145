/**
 * JVMs beside the measuring one: the other side of a benchmark, started, spoken to and surely ended. Any thread may
 * enter.
 * <p>
 * Start reading at {@link io.tiercel.bench.process.ChildJvm}; {@link io.tiercel.bench.process.ChildLife} is its other
 * end. Imports nothing of ours.
 */
@NullMarked
package io.tiercel.bench.process;

import org.jspecify.annotations.NullMarked;
