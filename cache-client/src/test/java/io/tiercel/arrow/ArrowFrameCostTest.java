package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a frame costs the same whatever it holds. */
class ArrowFrameCostTest {
    private static final long SMALL_LENGTH = 1L << 20;
    private static final long LARGE_LENGTH = 300L << 20;
    private static final long HEAP_LIMIT = 64 * 1024;
    private static final long TIMEOUT_SECONDS = 120;

    @Test
    void shouldAllocateTheSameForAnyLength(@TempDir Path folder) throws Exception {
        Path small = folder.resolve("small");
        Path large = folder.resolve("large");
        ArrowSamples.writeTripFile(small, SMALL_LENGTH);
        ArrowSamples.writeTripFile(large, LARGE_LENGTH);

        ChildJvm child = ChildJvm.run(CostMain.class, List.of(), List.of(small.toString(), large.toString()),
                TIMEOUT_SECONDS);

        assertThat(child.exitCode()).as(child.tail()).isZero();
        long[] smallCost = cost(child, "small ");
        long[] largeCost = cost(child, "large ");
        assertThat(largeCost[3]).isGreaterThan(100 * smallCost[3]);
        assertThat(largeCost[0]).as("bytes on the heap").isLessThan(HEAP_LIMIT).isLessThan(smallCost[0] + 2048);
        assertThat(largeCost[1]).as("bytes of the allocator").isZero();
    }

    /** Bytes on the heap, bytes of the allocator, nanoseconds, length. */
    private static long[] cost(ChildJvm child, String which) {
        String line = child.lines().stream().filter(candidate -> candidate.startsWith(which)).findFirst().orElseThrow();
        return Arrays.stream(line.substring(which.length()).split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
