package io.tiercel.arrow;

import static io.tiercel.arrow.IpcBuilder.bytes;
import static io.tiercel.arrow.IpcBuilder.ints;
import static io.tiercel.arrow.IpcBuilder.longs;
import static io.tiercel.arrow.IpcBuilder.nodes;
import static io.tiercel.arrow.IpcBuilder.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that do not fit their schema are refused; odd ones that do are read. */
class BatchCheckTest {
    private static final Field INT = field("int", new ArrowType.Int(32, true));
    private static final Field TEXT = field("text", ArrowType.Utf8.INSTANCE);
    private static final Field LIST = field("list", ArrowType.List.INSTANCE, INT);
    private static final Field LARGE_LIST = field("list", ArrowType.LargeList.INSTANCE, INT);
    private static final Field PAIRS = field("pairs", new ArrowType.FixedSizeList(2), INT);
    private static final Field STRUCT = field("struct", ArrowType.Struct.INSTANCE, INT, TEXT);
    private static final Field LIST_VIEW = field("view", ArrowType.ListView.INSTANCE, INT);
    private static final Field TEXT_VIEW = field("view", ArrowType.Utf8View.INSTANCE);
    private static final Field DENSE = field("dense", new ArrowType.Union(UnionMode.Dense, new int[]{0, 5}), INT, TEXT);
    private static final Field SPARSE = field("sparse", new ArrowType.Union(UnionMode.Sparse, new int[]{0, 5}), INT,
            TEXT);
    private static final Field RUNS = field("runs", ArrowType.RunEndEncoded.INSTANCE,
            new Field("run_ends", FieldType.notNullable(new ArrowType.Int(32, true)), List.of()), TEXT);
    private static final byte[] ABC = {'a', 'b', 'c'};
    private static final Verification STRUCTURE = Verification.STRUCTURE;
    private static final Verification VALUES = Verification.VALUES;

    private static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    private static byte[] view(int length, int bufferIndex, int offset) {
        return ints(length, 0, bufferIndex, offset);
    }

    private static IpcBuilder ipc(Field... fields) {
        return new IpcBuilder(fields);
    }

    private static IpcBuilder views(long bufferCount, byte[] views, byte[]... data) {
        byte[][] buffers = Stream.concat(Stream.of(none(), views), Arrays.stream(data)).toArray(byte[][]::new);
        return ipc(TEXT_VIEW).batch(null, List.of(bufferCount), views.length / 16, nodes(views.length / 16, 0),
                buffers);
    }

    static Stream<Arguments> shouldRefuse() {
        return Stream.of(arguments("values too short", STRUCTURE, ipc(INT).batch(3, nodes(3, 0), none(), ints(1, 2))),
                arguments("validity too short", STRUCTURE,
                        ipc(INT).batch(9, nodes(9, 1), bytes(1), ints(1, 2, 3, 4, 5, 6, 7, 8, 9))),
                arguments("nulls without validity", STRUCTURE, ipc(INT).batch(3, nodes(3, 1), none(), ints(1, 2, 3))),
                arguments("more nulls than rows", STRUCTURE, ipc(INT).batch(1, nodes(1, 2), none(), ints(1))),
                arguments("more rows than the column", STRUCTURE, ipc(TEXT).batch(100, nodes(1, 0), none(), ints(0, 3),
                        ABC)),
                arguments("fewer rows than the column", STRUCTURE, ipc(INT).batch(1, nodes(2, 0), none(), ints(1, 2))),
                arguments("negative rows", STRUCTURE, ipc(INT).batch(-1, nodes(-1, 0), none(), ints(1))),
                arguments("column missing", STRUCTURE, ipc(INT, TEXT).batch(1, nodes(1, 0), none(), ints(1))),
                arguments("buffer missing", STRUCTURE, ipc(TEXT).batch(1, nodes(1, 0), none(), ints(0, 3))),
                arguments("column too many", STRUCTURE, ipc(INT).batch(1, nodes(1, 0, 1, 0), none(), ints(1), none(),
                        ints(1))),
                arguments("last offset beyond the text", STRUCTURE, ipc(TEXT).batch(1, nodes(1, 0), none(), ints(0, 4),
                        ABC)),
                arguments("negative first offset", STRUCTURE, ipc(TEXT).batch(1, nodes(1, 0), none(), ints(-1, 3),
                        ABC)),
                arguments("offsets too short", STRUCTURE, ipc(TEXT).batch(2, nodes(2, 0), none(), ints(0, 3), ABC)),
                arguments("offsets fall", VALUES, ipc(TEXT).batch(3, nodes(3, 0), none(), ints(0, 900, 1, 3), ABC)),
                arguments("list beyond its values", STRUCTURE,
                        ipc(LIST).batch(1, nodes(1, 0, 2, 0), none(), ints(0, 3), none(), ints(1, 2))),
                arguments("large list beyond its values", STRUCTURE,
                        ipc(LARGE_LIST).batch(1, nodes(1, 0, 2, 0), none(), longs(0, 1L << 32), none(), ints(1, 2))),
                arguments("list offsets fall", VALUES,
                        ipc(LIST).batch(2, nodes(2, 0, 2, 0), none(), ints(0, 700, 2), none(), ints(1, 2))),
                arguments("pairs beyond their values", STRUCTURE,
                        ipc(PAIRS).batch(2, nodes(2, 0, 3, 0), none(), none(), ints(1, 2, 3))),
                arguments("field of a struct too short", STRUCTURE,
                        ipc(STRUCT).batch(2, nodes(2, 0, 2, 0, 1, 0), none(), none(), ints(1, 2), none(), ints(0, 3),
                                ABC)),
                arguments("list view beyond its values", STRUCTURE,
                        ipc(LIST_VIEW).batch(1, nodes(1, 0, 2, 0), none(), ints(1), ints(2), none(), ints(1, 2))),
                arguments("list view before its values", STRUCTURE,
                        ipc(LIST_VIEW).batch(1, nodes(1, 0, 2, 0), none(), ints(-1), ints(2), none(), ints(1, 2))),
                arguments("text view beyond its buffer", VALUES, views(1, view(13, 0, 8), new byte[20])),
                arguments("text view into no buffer", VALUES, views(1, view(13, 1, 0), new byte[20])),
                arguments("text view of negative length", VALUES, views(1, view(-13, 0, 0), new byte[20])),
                arguments("buffers of a view beyond the batch", STRUCTURE, views(1L << 31, view(1, 0, 0),
                        new byte[20])),
                arguments("buffers of a view negative", STRUCTURE, views(-2, view(1, 0, 0), new byte[20])),
                arguments("dense union of a type it lacks", VALUES, dense(bytes(0, 1), ints(0, 0))),
                arguments("dense union of a negative type", STRUCTURE, dense(bytes(0, -7), ints(0, 0))),
                arguments("dense union beyond its child", VALUES, dense(bytes(0, 5), ints(0, 1))),
                arguments("sparse union of a type it lacks", VALUES, sparse(bytes(0, 1), nodes(2, 0, 2, 0, 2, 0))),
                arguments("sparse union with a short child", STRUCTURE, sparse(bytes(0, 5), nodes(2, 0, 2, 0, 1, 0))),
                arguments("runs end early", STRUCTURE, runs(5, ints(1, 4))),
                arguments("runs do not rise", VALUES, runs(5, ints(5, 5))),
                arguments("runs without values", STRUCTURE, runs(5, ints(1, 2, 5))));
    }

    private static IpcBuilder dense(byte[] typeIds, byte[] offsets) {
        return ipc(DENSE).batch(typeIds.length, nodes(typeIds.length, 0, 1, 0, 1, 0), typeIds, offsets, none(), ints(7),
                none(), ints(0, 3), ABC);
    }

    /** Its buffers have room to spare, as padded ones do: the loader would fill the gaps in them. */
    private static IpcBuilder repeatingDense() {
        byte[] room = new byte[64];
        byte[] validity = Arrays.copyOf(bytes(1), room.length);
        return ipc(DENSE).batch(9, nodes(9, 0, 1, 0, 1, 0), bytes(5, 5, 0, 5, 5, 0, 5, 5, 5), room, validity,
                Arrays.copyOf(ints(7), room.length), validity, Arrays.copyOf(ints(0, 3), room.length),
                Arrays.copyOf(ABC, room.length));
    }

    private static IpcBuilder sparse(byte[] typeIds, int[] nodes) {
        return ipc(SPARSE).batch(typeIds.length, nodes, typeIds, none(), ints(7, 8), none(), ints(0, 1, 3), ABC);
    }

    private static IpcBuilder runs(int rowCount, byte[] ends) {
        return ipc(RUNS).batch(rowCount, nodes(rowCount, 0, ends.length / 4, 0, 2, 0), none(), ends, none(), ints(0, 1,
                3),
                ABC);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldRefuse(String what, Verification verification, IpcBuilder ipc) {
        LentBytes lent = LentBytes.of(ipc.toBytes());
        try (BufferAllocator allocator = new RootAllocator()) {
            try (ArrowFrame arrow = lent
                    .open(new ArrowFrame.Context().allocator(allocator).verification(verification))) {
                assertThatThrownBy(arrow::next).as(what).isInstanceOfSatisfying(TiercelException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
            }
            assertThat(allocator.getAllocatedMemory()).isZero();
        }
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    static Stream<Arguments> shouldRead() {
        return Stream.of(arguments("no validity", ipc(INT).batch(3, nodes(3, 0), none(), ints(1, 2, 3))),
                arguments("all null", ipc(INT).batch(3, nodes(3, 3), none(), ints(1, 2, 3))),
                arguments("offsets from the middle", ipc(TEXT).batch(1, nodes(1, 0), none(), ints(1, 3), ABC)),
                arguments("empty text without offsets", ipc(TEXT).batch(0, nodes(0, 0), none(), none(), none())),
                arguments("list", ipc(LIST).batch(2, nodes(2, 0, 3, 0), none(), ints(0, 1, 3), none(), ints(1, 2, 3))),
                arguments("struct", ipc(STRUCT).batch(1, nodes(1, 0, 2, 0, 1, 0), none(), none(), ints(1, 2), none(),
                        ints(0, 3), ABC)),
                arguments("list views", ipc(LIST_VIEW).batch(2, nodes(2, 0, 2, 0), none(), ints(1, 0), ints(1, 2),
                        none(),
                        ints(1, 2))),
                arguments("text views", views(1, view(13, 0, 7), new byte[20])),
                arguments("dense union", dense(bytes(0, 5), ints(0, 0))),
                arguments("dense union that repeats rows", repeatingDense()),
                arguments("runs", runs(5, ints(1, 5))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldRead(String what, IpcBuilder ipc) throws Exception {
        LentBytes lent = LentBytes.of(ipc.toBytes());

        for (Verification verification : Verification.values()) {
            assertThat(ArrowReference.assertSame(lent, verification)).as(what).isEqualTo(1);
        }
    }

    @Test
    void shouldMakeValidityOnceForAllColumns() {
        int rowCount = 80_000;
        IpcBuilder ipc = ipc(INT, INT, INT);
        byte[] values = new byte[rowCount * Integer.BYTES];
        ipc.batch(rowCount, nodes(rowCount, 0, rowCount, 0, rowCount, 0), none(), values, none(), values, none(),
                values);
        LentBytes lent = LentBytes.of(ipc.toBytes());

        try (BufferAllocator allocator = new RootAllocator();
                ArrowFrame arrow = lent.open(new ArrowFrame.Context().allocator(allocator))) {
            arrow.next();

            assertThat(allocator.getAllocatedMemory() - lent.length()).isBetween(rowCount / 8L, 2L * rowCount / 8);
            assertThat(arrow.root().getVector(2).getNullCount()).isZero();
        }
    }

    @Test
    void shouldBoundWhatNoBytesStandFor() {
        Field empty = field("empty", ArrowType.Struct.INSTANCE);
        IpcBuilder ipc = ipc(empty, empty).batch(Integer.MAX_VALUE,
                nodes(Integer.MAX_VALUE, 0, Integer.MAX_VALUE, Integer.MAX_VALUE), none(), none());
        LentBytes lent = LentBytes.of(ipc.toBytes());

        try (BufferAllocator allocator = new RootAllocator();
                ArrowFrame arrow = lent
                        .open(new ArrowFrame.Context().allocator(allocator).maxUnfoldedLength(1 << 20))) {
            assertThatThrownBy(arrow::next).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        }
    }
}
