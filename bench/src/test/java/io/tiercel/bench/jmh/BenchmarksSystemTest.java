package io.tiercel.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.bench.cache.CacheSystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark there is, as briefly as can be: that it works, not how fast it is. */
@Timeout(120)
class BenchmarksSystemTest {
    /** JMH lets only one run on a machine, for the sake of figures; here are none. */
    private static final String IGNORE_LOCK = "jmh.ignoreLock";

    private static final int READ_COUNT = 100;

    @BeforeEach
    void ignoreOtherRuns() {
        System.setProperty(IGNORE_LOCK, "true");
    }

    @AfterEach
    void mindOtherRuns() {
        System.clearProperty(IGNORE_LOCK);
    }

    @Test
    void shouldRunEveryBenchmark() throws RunnerException {
        Collection<RunResult> results = runAll();

        assertThat(results).extracting(BenchmarksSystemTest::name).containsExactlyInAnyOrderElementsOf(expected());
        assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static List<String> expected() {
        List<String> names = new ArrayList<>(List.of("MappedGetBenchmark.get", "IpcGetBenchmark.get aeron-echo",
                "IpcGetBenchmark.get tiercel", "PrefixCheckBenchmark.check", "PrefixInvalidateBenchmark.invalidate",
                "IndexLookupBenchmark.find index", "IndexLookupBenchmark.find chronicle",
                "LeaseBenchmark.takeAndRelease", "ChecksumBenchmark.sum direct", "ChecksumBenchmark.sum byCopies",
                "CodecBenchmark.request", "CodecBenchmark.reply", "ArrowOpenBenchmark.firstValue tiercel",
                "ArrowOpenBenchmark.firstValue arrow-reader"));
        for (CacheSystem system : CacheSystem.values()) {
            names.add("CacheReadBenchmark.get " + system);
            names.add("CachePutBenchmark.put " + system);
        }
        return names;
    }

    /** In this JVM; any failure of a benchmark is thrown. */
    private static Collection<RunResult> runAll() throws RunnerException {
        return new Runner(new OptionsBuilder().mode(Mode.SingleShotTime).forks(0).warmupIterations(0)
                .measurementIterations(1).measurementBatchSize(READ_COUNT).param("payloadLength", "64")
                .param("keyCount", "4").param("prefixCount", "1000").param("arrowLength", "4096").shouldFailOnError(
                        true).verbosity(VerboseMode.SILENT).build()).run();
    }

    private static String name(RunResult result) {
        BenchmarkParams params = result.getParams();
        String benchmark = params.getBenchmark();
        int method = benchmark.lastIndexOf('.');
        String system = params.getParamsKeys().contains("system") ? " " + params.getParam("system") : "";
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1) + system;
    }
}
