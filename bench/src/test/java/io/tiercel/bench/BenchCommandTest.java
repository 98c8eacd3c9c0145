package io.tiercel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine bench = BenchCommand.commandLine().setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    @Test
    void shouldListItsCommands() {
        int exitCode = bench.execute("--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("Usage: bench").contains("jmh");
    }

    @Test
    void shouldRefuseToRunWithoutACommand() {
        int exitCode = bench.execute();

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("Missing required subcommand");
    }

    @Test
    void shouldHelpWithJmhItself() {
        int exitCode = bench.execute("jmh", "--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("Usage: bench jmh").contains("-h lists JMH's own options");
    }

    @Test
    void shouldHandJmhItsOwnArguments() {
        String listed = standardOutput(() -> assertThat(bench.execute("jmh", "-l", "MappedGet")).isZero());

        assertThat(listed).contains("io.tiercel.bench.jmh.MappedGetBenchmark.get").doesNotContain("IpcGetBenchmark");
    }

    private static String standardOutput(Runnable action) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
