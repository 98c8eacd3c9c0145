/**
 * JMH benchmarks. Each class states its question, what it asserts and its peers; docs/benchmarks/README.md has the
 * commands. One thread a benchmark, the other side in a process of its own.
 * <p>
 * Start reading at {@link io.tiercel.bench.jmh.IpcGetBenchmark}. May import everything; nothing imports it.
 */
@NullMarked
package io.tiercel.bench.jmh;

import org.jspecify.annotations.NullMarked;
