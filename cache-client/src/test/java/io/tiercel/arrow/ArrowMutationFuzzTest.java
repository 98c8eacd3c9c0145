package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged golden files end in a typed exception or a clean read. With VALUES that holds for every single value too, and
 * with Arrow's own bounds checks off. To run one case again: {@link MutationMain} with its seed and 1.
 */
class ArrowMutationFuzzTest {
    private static final int CASE_COUNT = Boolean.getBoolean("tiercel.full") ? 200_000 : 3_000;
    private static final long TIMEOUT_SECONDS = Boolean.getBoolean("tiercel.full") ? 3600 : 300;

    @ParameterizedTest
    @CsvSource({"STRUCTURE,false,1", "VALUES,true,1000000"})
    void shouldRefuseOrRead(Verification verification, boolean isUnchecked, long firstSeed) throws Exception {
        Path golden = ArrowData.require("golden");

        ChildJvm child = ChildJvm.run(MutationMain.class, List.of("-Darrow.enable_unsafe_memory_access=" + isUnchecked),
                List.of(verification.name(), golden.toString(), Long.toString(firstSeed), Integer.toString(CASE_COUNT)),
                TIMEOUT_SECONDS);

        assertThat(child.exitCode()).as(child.tail()).isZero();
        assertThat(child.lines()).contains("done").noneMatch(line -> line.startsWith("BAD"));
    }
}
