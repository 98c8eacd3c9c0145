package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Loads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    Path folder;

    private Path out;
    private ResultFile file;

    @BeforeEach
    void open() {
        out = folder.resolve("out.json");
        file = new ResultFile(out, "bench rig --quick", List.of());
    }

    @Test
    void shouldSayWhatRanAndOnWhat() throws IOException {
        file.write(List.of(new Row("latency", "peer", 64).skip("not installed: \"peer\"")));

        assertThat(Files.readString(out)).startsWith("{\"command\":\"bench rig --quick\",\"commit\":\"")
                .contains("\"startedAt\":\"2", "\"complete\":true", "\"machine\":{\"os\":\"", "\"cpu\":\"",
                        "\"cores\":",
                        "\"memoryBytes\":", "\"jdk\":\"", "\"jvmFlags\":[",
                        "\"rows\":[\n{\"rig\":\"latency\",\"system\":\"peer\",\"payloadBytes\":64,\"p50Ns\":null,"
                                + "\"p99Ns\":null,\"p999Ns\":null,\"opsPerSecond\":null,\"bytesAllocatedPerOp\":null,"
                                + "\"ratioToBaseline\":null,\"state\":\"SKIPPED\","
                                + "\"why\":\"not installed: \\\"peer\\\"\"}]}\n");
    }

    @Test
    void shouldKeepTheHistogramWhole() throws IOException, DataFormatException {
        Histogram latencies = Loads.histogram();
        latencies.recordValue(250);
        latencies.recordValue(1_000_000);
        Row row = new Row("latency", "system", 64).figures(new Figures(latencies, 2, 0, 2, 1_000_000, 0, 10), "");

        file.write(List.of(row));

        assertThat(Files.readString(out)).contains("\"p50Ns\":250,", "\"opsPerSecond\":2000.0000,",
                "\"bytesAllocatedPerOp\":5.0000,");
        byte[] encoded = Base64.getDecoder().decode(row.text("histogram"));
        Histogram decoded = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0);
        assertThat(decoded).isEqualTo(latencies);
    }

    @Test
    void shouldKeepWhatThereIsOfARunThatIsInterrupted() throws IOException {
        file.writePart(List.of(new Row("latency", "first", 64)));

        assertThat(Files.readString(out)).contains("\"complete\":false", "\"system\":\"first\"");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(out);
        }
    }

    @Test
    void shouldNotReplaceTheWholeByAPart() throws IOException {
        file.write(List.of(new Row("latency", "whole", 64)));

        file.writePart(List.of());

        assertThat(Files.readString(out)).contains("\"complete\":true", "\"system\":\"whole\"");
    }
}
