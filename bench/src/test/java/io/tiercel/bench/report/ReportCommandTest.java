package io.tiercel.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import picocli.CommandLine;

class ReportCommandTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int report(Path... files) throws IOException {
        Path pages = Files.createDirectories(dir.resolve("pages"));
        return new CommandLine(new ReportCommand()).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err,
                true))
                .execute(Stream.concat(Stream.of("--to", pages.toString()), Arrays.stream(files).map(Path::toString))
                        .toArray(String[]::new));
    }

    private static void row(JsonWriter json, String system, long payloadBytes, long p50Ns) {
        Histogram histogram = new Histogram(3);
        for (int i = 1; i <= 1_000; i++) {
            histogram.recordValue(p50Ns * i / 500);
        }
        ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(encoded);
        json.beginObject().field("rig", "latency").field("load", "closed").field("peakBytesClient", 2048).field(
                "system", system).field("payloadBytes", payloadBytes)
                .field("p50Ns", p50Ns).field("p99Ns", 3 * p50Ns).field("p999Ns", 4 * p50Ns).field("opsPerSecond", 1_000)
                .field("bytesAllocatedPerOp", 24).field("state", "OK").field("why", (String) null).field("histogram",
                        Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length)))
                .endObject();
    }

    private Path run() throws IOException {
        JsonWriter json = new JsonWriter().beginObject().field("command", "bench rig --out r.json").field("commit",
                "abc")
                .beginObject("machine").field("cores", 2).endObject().beginArray("rigs").beginObject().field("name",
                        "latency")
                .field("question", "How long does a hit take?").field("doesNotMeasure", "load").endObject().endArray()
                .beginArray("rows");
        row(json, "mapped", 64, 60);
        row(json, "mapped", 1 << 20, 70);
        row(json, "redis <unix>", 64, 30_000);
        row(json, "redis <unix>", 1 << 20, 900_000);
        json.beginObject().field("rig", "latency").field("system", "nginx").field("payloadBytes", 64).field("state",
                "SKIPPED").field("why", "nginx is not installed").endObject();
        return Files.writeString(dir.resolve("r.json"), json.endArray().endObject().toString());
    }

    @Test
    void shouldWriteTablesAndPicturesOfARun() throws Exception {
        int exitCode = report(run());

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        String page = Files.readString(dir.resolve("pages/r.md"));
        assertThat(page).contains("`bench rig --out r.json`", "| commit | abc |", "| cores | 2 |",
                "How long does a hit take?", "Not measured: load",
                "| mapped | closed | 1 MiB | 70 ns | 210 ns | 280 ns | 1,000 | 24 B | 2 KiB |  |",
                "| redis <unix> | closed | 64 B | 30 µs | 90 µs |", "SKIPPED: nginx is not installed",
                "](r-latency-closed-latency.svg)",
                "](r-latency-closed-spread.svg)");
        for (String picture : List.of("r-latency-closed-latency.svg", "r-latency-closed-spread.svg")) {
            String svg = Files.readString(dir.resolve("pages").resolve(picture));
            assertThat(svg).contains(picture.contains("spread") ? ">p99.9<" : ">1 MiB<", "redis &lt;unix&gt;")
                    .doesNotContain("nginx", "NaN", "Infinity");
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        }
    }

    @Test
    void shouldReadAllBeforeItWritesAnything() throws IOException {
        Path none = Files.writeString(dir.resolve("none.json"), "[1, 2");

        int exitCode = report(run(), none);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith(none + ": no results of rigs");
        assertThat(dir.resolve("pages")).isEmptyDirectory();
    }

    @Test
    void shouldRefuseAFolderThatIsNotThere() throws IOException {
        int exitCode = new CommandLine(new ReportCommand()).setErr(new PrintWriter(err, true)).execute("--to", dir
                .resolve("x").toString(), run().toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("there is no such folder");
    }
}
