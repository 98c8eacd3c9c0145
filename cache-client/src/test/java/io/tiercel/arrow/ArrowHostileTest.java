package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What fuzzers found against other Arrow readers ends in a typed exception or reads as Arrow's own reader reads it, and
 * never in a crash. Bounds checks of Arrow itself are off in the second row: nothing but our own look stands between.
 */
class ArrowHostileTest {
    private static final long TIMEOUT_SECONDS = 300;

    @ParameterizedTest
    @CsvSource({"STRUCTURE,false", "VALUES,false", "VALUES,true"})
    void shouldRefuseOrReadAsArrowDoes(Verification verification, boolean isUnchecked) throws Exception {
        List<Path> files = ArrowData.filesUnder(ArrowData.require("hostile"));

        ChildJvm child = compare(verification, isUnchecked, files);

        assertThat(child.exitCode()).as(child.tail()).isZero();
        assertThat(child.lines()).contains("done");
        List<String> outcomes = child.lines().stream().filter(line -> line.contains("\t")).toList();
        assertThat(outcomes).hasSameSizeAs(files);
        assertThat(outcomes).noneMatch(line -> line.contains("DIFFERENT") || line.contains("LEAKED"));
    }

    private static ChildJvm compare(Verification verification, boolean isUnchecked, List<Path> files)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(verification.name()));
        files.forEach(file -> arguments.add(file.toString()));
        return ChildJvm.run(CompareMain.class, List.of("-Darrow.enable_unsafe_memory_access=" + isUnchecked), arguments,
                TIMEOUT_SECONDS);
    }
}
