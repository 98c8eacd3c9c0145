package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What other implementations wrote reads as Arrow's own readers read it. */
class ArrowGoldenTest {
    private static final int FLIGHT_BATCH_COUNT = 226;
    private static final String ONE_NAME_TWICE = "duplicate_fieldnames";
    private static final long TIMEOUT_SECONDS = 60;

    @TestFactory
    Stream<DynamicTest> shouldReadAsArrowDoes() {
        Path golden = ArrowData.require("golden");
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : ArrowData.filesUnder(golden)) {
            if (file.toString().contains(ONE_NAME_TWICE)) {
                continue;
            }
            for (Verification verification : Verification.values()) {
                tests.add(dynamicTest(golden.relativize(file) + " " + verification, () -> assertSame(file,
                        verification)));
            }
        }
        return tests.stream();
    }

    @Test
    void shouldReadAFileOfManyBatches() throws Exception {
        Path flights = ArrowData.require("flights-200k.arrow");

        assertThat(assertSame(flights, Verification.VALUES)).isEqualTo(FLIGHT_BATCH_COUNT);
    }

    @Test
    void shouldReadFieldsOfOneName() throws Exception {
        List<String> arguments = new ArrayList<>(List.of(Verification.VALUES.name()));
        ArrowData.filesUnder(ArrowData.require("golden")).stream().map(Path::toString)
                .filter(file -> file.contains(ONE_NAME_TWICE)).forEach(arguments::add);

        // Without it Arrow's own readers fail on these files.
        ChildJvm child = ChildJvm.run(CompareMain.class, List.of("-Darrow.struct.conflict.policy=CONFLICT_APPEND"),
                arguments, TIMEOUT_SECONDS);

        assertThat(child.exitCode()).as(child.tail()).isZero();
        assertThat(child.lines()).filteredOn(line -> line.contains("\tsame as Arrow")).hasSize(arguments.size() - 1);
    }

    @Test
    void shouldKeepFieldsOfOneNameByDefault() {
        LentBytes lent = LentBytes.map(ArrowData.require(
                "golden/1.0.0-littleendian/generated_duplicate_fieldnames.stream"));
        try (BufferAllocator allocator = new RootAllocator();
                ArrowFrame arrow = lent.open(new ArrowFrame.Context().allocator(allocator))) {
            assertThat(arrow.next()).isTrue();

            FieldVector struct = arrow.root().getVector(arrow.schema().getFields().size() - 1);
            assertThat(struct.getChildrenFromFields()).hasSize(2);
        }
    }

    private static int assertSame(Path file, Verification verification) throws Exception {
        LentBytes lent = LentBytes.map(file);

        int batchCount = ArrowReference.assertSame(lent, verification);

        assertThat(lent.closeCount()).isEqualTo(1);
        return batchCount;
    }
}
