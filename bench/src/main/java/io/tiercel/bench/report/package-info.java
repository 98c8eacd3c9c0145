/**
 * Results of runs as tables and pictures for {@code docs/benchmarks/}. It measures nothing and rounds only what it
 * prints. One thread.
 * <p>
 * Start reading at {@link io.tiercel.bench.report.ReportCommand}. Imports nothing of ours.
 */
@NullMarked
package io.tiercel.bench.report;

import org.jspecify.annotations.NullMarked;
