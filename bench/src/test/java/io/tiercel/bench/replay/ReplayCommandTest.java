package io.tiercel.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path trace;

    @BeforeEach
    void writeATrace() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            lines.append("key").append(i % 5 == 0 ? i : i % 40).append(" 1\n");
        }
        trace = temp.resolve("small \"trace\".txt");
        Files.writeString(trace, lines);
    }

    @Test
    void shouldPrintALineOfJsonForEachCapacity() {
        assertThat(run("--trace", trace.toString(), "--capacity", "10,1000")).isZero();

        String[] lines = out.toString().split("\n", -1);
        assertThat(lines).hasSize(3);
        assertThat(lines[0]).startsWith(
                "{\"trace\":\"small \\\"trace\\\".txt\",\"capacity\":10,\"requests\":2000,\"misses\":");
        assertThat(lines[1]).contains("\"capacity\":1000,", "\"misses\":432,\"missRatio\":0.216000,"
                + "\"byteMissRatio\":0.216000}");
    }

    @Test
    void shouldComeToTheSameThroughTheStore() {
        assertThat(run("--trace", trace.toString(), "--capacity", "1000", "--through-store")).isZero();

        assertThat(out.toString()).contains("\"misses\":432,\"missRatio\":0.216000",
                "\"unit\":4096,\"foundRatio\":0.784000",
                "\"storeCapacity\":16777216,\"diskBytes\":");
    }

    @Test
    void shouldReadACompressedTrace() throws IOException {
        Path compressed = temp.resolve("trace.gz");
        try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            file.write("a 5\nb 7\na 5\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(run("--trace", compressed.toString(), "--capacity", "100")).isZero();

        assertThat(out.toString()).contains(
                "\"requests\":3,\"misses\":2,\"missRatio\":0.666667,\"byteMissRatio\":0.705882");
    }

    @Test
    void shouldNameTheLineThatItCannotRead() throws IOException {
        Path bad = Files.writeString(temp.resolve("bad.txt"), "a 1\nb\n");

        assertThat(run("--trace", bad.toString(), "--capacity", "1")).isEqualTo(2);

        assertThat(err.toString()).contains("line 2: \"b\": expected KEY SIZE");
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThat(run("--trace", temp.resolve("missing").toString(), "--capacity", "1")).isEqualTo(2);
        assertThat(run("--trace", trace.toString(), "--capacity", "0")).isEqualTo(2);
        assertThat(run("--trace", trace.toString(), "--capacity", "1", "--through-store", "--unit", "-1")).isEqualTo(2);

        assertThat(err.toString()).contains("there is no such file", "--capacity=0: expected at least 1",
                "--unit=-1: expected 1 to");
    }

    private int run(String... arguments) {
        return new CommandLine(new ReplayCommand()).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err,
                true))
                .execute(arguments);
    }
}
