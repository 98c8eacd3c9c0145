package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowFrameTest {
    private static final int ROW_COUNT = 1000;

    private final BufferAllocator allocator = new RootAllocator();
    private final ArrowFrame.Context context = new ArrowFrame.Context().allocator(allocator);

    @AfterEach
    void shouldLeaveNothingAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPointIntoTheMapping(boolean isFile, @TempDir Path folder) throws Exception {
        Path path = Files.write(folder.resolve("trips"), trips(isFile, 3));
        LentBytes lent = LentBytes.map(path);
        int batchCount = 0;

        try (ArrowFrame arrow = lent.open(context)) {
            assertThat(arrow.isFile()).isEqualTo(isFile);
            for (; arrow.next(); batchCount++) {
                for (FieldVector vector : arrow.root().getFieldVectors()) {
                    ArrowBuf data = vector.getDataBuffer();
                    assertThat(lent.contains(data.memoryAddress(), data.capacity())).as(vector.getName()).isTrue();
                }
                assertThat(((BigIntVector) arrow.root().getVector("id")).get(0)).isEqualTo((long) batchCount
                        * ROW_COUNT);
            }
        }

        assertThat(batchCount).isEqualTo(3);
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    @Test
    void shouldSeekInAFile() {
        LentBytes lent = LentBytes.of(trips(true, 3));

        try (ArrowFrame arrow = lent.open(context)) {
            assertThat(arrow.batchCount()).isEqualTo(3);
            assertThat(firstIdAt(arrow, 2)).isEqualTo(2L * ROW_COUNT);
            assertThat(arrow.next()).isFalse();
            assertThat(arrow.root().getRowCount()).isZero();
            assertThat(firstIdAt(arrow, 0)).isZero();
            assertThatThrownBy(() -> arrow.seek(4)).isInstanceOf(IllegalArgumentException.class).hasMessage(
                    "batch=4 is not within 0 to 3");
        }
    }

    private static long firstIdAt(ArrowFrame arrow, int batch) {
        arrow.seek(batch);
        assertThat(arrow.next()).isTrue();
        return ((BigIntVector) arrow.root().getVector("id")).get(0);
    }

    @Test
    void shouldRefuseToSeekInAStream() {
        try (ArrowFrame arrow = LentBytes.of(trips(false, 1)).open(context)) {
            assertThat(arrow.batchCount()).isEqualTo(ArrowFrame.UNKNOWN_COUNT);
            assertThatThrownBy(() -> arrow.seek(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 7})
    void shouldReadAtAnyAlignment(int misalignment) throws Exception {
        LentBytes stream = LentBytes.at(misalignment, trips(false, 2));
        LentBytes file = LentBytes.at(misalignment, trips(true, 2));

        assertThat(ArrowReference.assertSame(stream, Verification.VALUES)).isEqualTo(2);
        assertThat(ArrowReference.assertSame(file, Verification.VALUES)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadASchemaWithoutBatches(boolean isFile) {
        LentBytes lent = LentBytes.of(trips(isFile, 0));

        try (ArrowFrame arrow = lent.open(context)) {
            assertThat(arrow.schema().getFields()).hasSize(3);
            assertThat(arrow.next()).isFalse();
        }

        assertThat(lent.closeCount()).isEqualTo(1);
    }

    @Test
    void shouldEndAStreamWithoutItsMark() {
        byte[] bytes = trips(false, 2);
        LentBytes lent = LentBytes.of(Arrays.copyOf(bytes, bytes.length - 8));

        try (ArrowFrame arrow = lent.open(context)) {
            assertThat(arrow.next()).isTrue();
            assertThat(arrow.next()).isTrue();
            assertThat(arrow.next()).isFalse();
        }
    }

    @Test
    void shouldHoldTheFrameUntilTheLastBufferIsReleased() {
        LentBytes lent = LentBytes.of(trips(false, 2));
        ArrowFrame arrow = lent.open(context);
        arrow.next();
        ArrowBuf retained = arrow.root().getVector("id").getDataBuffer();
        retained.getReferenceManager().retain();

        arrow.next();
        arrow.close();
        arrow.close();

        assertThat(lent.closeCount()).isZero();
        assertThat(retained.getLong(8)).isEqualTo(1);
        retained.close();
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    @Test
    void shouldHoldTheFrameForATransferredVector() {
        LentBytes lent = LentBytes.of(trips(false, 1));
        try (BufferAllocator child = allocator.newChildAllocator("child", 0, Long.MAX_VALUE)) {
            ArrowFrame arrow = lent.open(context);
            arrow.next();
            TransferPair pair = arrow.root().getVector("id").getTransferPair(child);
            pair.transfer();
            arrow.close();

            try (BigIntVector moved = (BigIntVector) pair.getTo()) {
                assertThat(lent.closeCount()).isZero();
                assertThat(moved.get(ROW_COUNT - 1)).isEqualTo(ROW_COUNT - 1);
            }
            assertThat(lent.closeCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldOutliveItsRoot() {
        LentBytes lent = LentBytes.of(trips(false, 2));
        ArrowFrame arrow = lent.open(context);
        arrow.next();

        arrow.root().close();

        assertThat(lent.closeCount()).isZero();
        assertThat(arrow.next()).isTrue();
        assertThat(((BigIntVector) arrow.root().getVector("id")).get(0)).isEqualTo(ROW_COUNT);
        arrow.close();
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    @Test
    void shouldLetTheRootBeClosedAfterIt() {
        LentBytes lent = LentBytes.of(trips(true, 1));
        ArrowFrame arrow = lent.open(context);
        VectorSchemaRoot root = arrow.root();
        arrow.next();

        arrow.close();
        root.close();

        assertThat(lent.closeCount()).isEqualTo(1);
        assertThatThrownBy(arrow::next).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> arrow.seek(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldStayReadableAfterTheAllocatorComplainedOfIt() {
        LentBytes lent = LentBytes.of(trips(false, 1));
        BufferAllocator early = new RootAllocator();
        ArrowFrame arrow = lent.open(new ArrowFrame.Context().allocator(early));
        arrow.next();

        assertThatThrownBy(early::close).isInstanceOf(IllegalStateException.class);

        assertThat(((BigIntVector) arrow.root().getVector("id")).get(5)).isEqualTo(5);
        assertThat(lent.closeCount()).isZero();
    }

    @Test
    void shouldCloseTheHoldFromAnotherThread() throws Exception {
        LentBytes lent = LentBytes.of(trips(false, 1));
        ArrowFrame arrow = lent.open(context);
        List<Integer> counts = new ArrayList<>();

        Thread closer = new Thread(() -> {
            arrow.close();
            counts.add(lent.closeCount());
        });
        closer.start();
        closer.join();

        assertThat(counts).containsExactly(1);
    }

    @Test
    void shouldCloseTheHoldWhenOpeningFails() {
        for (byte[] bytes : List.of(new byte[0], new byte[3], new byte[64], "ARROW1\0\0ARROW1".getBytes(
                StandardCharsets.UTF_8))) {
            LentBytes lent = LentBytes.of(bytes);

            assertThatThrownBy(() -> lent.open(context)).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
            assertThat(lent.closeCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldSayThatTheAllocatorIsFull() {
        LentBytes lent = LentBytes.of(trips(false, 1));
        try (BufferAllocator small = new RootAllocator(1024)) {
            assertThatThrownBy(() -> lent.open(new ArrowFrame.Context().allocator(small))).isInstanceOfSatisfying(
                    TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
            assertThat(small.getAllocatedMemory()).isZero();
        }
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    @Test
    void shouldNameABadSetting() {
        LentBytes lent = LentBytes.of(trips(false, 1));

        assertThatThrownBy(() -> lent.open(new ArrowFrame.Context())).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION)).hasMessageContaining(
                        "allocator=null");
        assertThatThrownBy(() -> lent.open(new ArrowFrame.Context().allocator(allocator).maxUnfoldedLength(-1)))
                .hasMessageContaining("maxUnfoldedLength=-1");
        assertThat(lent.closeCount()).isEqualTo(2);
    }

    @Test
    void shouldRefuseHeapMemory() {
        UnsafeBuffer heap = new UnsafeBuffer(new byte[64]);

        assertThatThrownBy(() -> ArrowFrame.open(heap, 0, 64, () -> {}, context)).isInstanceOf(
                IllegalArgumentException.class);
    }

    @Test
    void shouldKeepItsPlaceWhenABatchIsCorrupt() {
        byte[] bytes = trips(true, 2);
        LentBytes whole = LentBytes.of(bytes);
        long secondBody;
        try (ArrowFrame arrow = whole.open(context)) {
            arrow.seek(1);
            arrow.next();
            secondBody = arrow.root().getVector("zone").getOffsetBuffer().memoryAddress() - whole.address();
        }
        Arrays.fill(bytes, (int) secondBody, (int) secondBody + 4, (byte) -1);

        LentBytes torn = LentBytes.of(bytes);
        try (ArrowFrame arrow = torn.open(context)) {
            assertThat(arrow.next()).isTrue();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(arrow::next).isInstanceOfSatisfying(TiercelException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
                assertThat(arrow.root().getRowCount()).isZero();
            }
            assertThat(firstIdAt(arrow, 0)).isZero();
        }
        assertThat(torn.closeCount()).isEqualTo(1);
    }

    private static byte[] trips(boolean isFile, int batchCount) {
        return isFile ? ArrowSamples.tripFile(batchCount, ROW_COUNT) : ArrowSamples.tripStream(batchCount, ROW_COUNT);
    }
}
