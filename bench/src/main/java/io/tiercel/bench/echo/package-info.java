/**
 * What remains of a node and its client when only Aeron does: a process that echoes, and the way to it. The floor that
 * benchmarks compare with.
 * <p>
 * One thread a side. Start reading at {@link io.tiercel.bench.echo.EchoPath}. Imports {@code .load}, {@code .process}
 * and the constants of the wire.
 */
@NullMarked
package io.tiercel.bench.echo;

import org.jspecify.annotations.NullMarked;
