package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Traces of real caches, against the best that is known for each. Skipped where the shared data is not there. */
class PolicyTracesTest {
    private record Bar(String trace, long capacity, double best) {}

    private static final List<Bar> BARS = List.of(new Bar("cloudphysics-sized", 134_217_728, 0.7822),
            new Bar("cloudphysics-sized", 536_870_912, 0.6059), new Bar("corda", 512, 0.6667),
            new Bar("corda", 4096, 0.6667), new Bar("loop", 250, 0.7552), new Bar("loop", 500, 0.5114),
            new Bar("multi3", 500, 0.5623), new Bar("multi3", 1000, 0.4799), new Bar("sprite", 100, 0.6837),
            new Bar("sprite", 500, 0.2106), new Bar("web12", 400, 0.4186), new Bar("web12", 1200, 0.2911));

    @Test
    void shouldBeNearTheBestKnownForEachTrace() throws IOException {
        Path traces = Path.of(System.getProperty("tiercel.data", "../../shared/data")).resolve("traces");
        assumeTrue(Files.isDirectory(traces), "no traces: tiercel.data=" + System.getProperty("tiercel.data"));
        SoftAssertions softly = new SoftAssertions();
        double sum = 0;

        for (Bar bar : BARS) {
            double above = missRatio(traces.resolve(bar.trace() + ".txt.gz"), bar.capacity()) - bar.best();
            softly.assertThat(above).as("above the best: %s", bar).isLessThanOrEqualTo(0.05);
            sum += above;
        }

        softly.assertAll();
        assertThat(sum / BARS.size()).as("mean above the best").isLessThanOrEqualTo(0.010);
    }

    private static double missRatio(Path trace, long capacity) throws IOException {
        try (AdaptivePolicy policy = new AdaptivePolicy(capacity, Math.min(capacity, 1 << 16), 42, (place,
                delta) -> {});
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(trace)), StandardCharsets.US_ASCII))) {
            long requests = 0;
            long misses = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int blank = line.indexOf(' ');
                long hash = Mixer.mix(Long.parseLong(line.substring(0, blank)));
                misses += policy.onRequest(hash, Long.parseLong(line.substring(blank + 1)), 0) ? 0 : 1;
                requests++;
            }
            return misses / (double) requests;
        }
    }
}
