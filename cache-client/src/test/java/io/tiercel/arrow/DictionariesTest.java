package io.tiercel.arrow;

import static io.tiercel.arrow.IpcBuilder.bytes;
import static io.tiercel.arrow.IpcBuilder.ints;
import static io.tiercel.arrow.IpcBuilder.nodes;
import static io.tiercel.arrow.IpcBuilder.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DictionariesTest {
    private static final long ID = 3;
    private static final int ROOM_LENGTH = 64;
    private static final Field CITY = new Field("city", new FieldType(true, ArrowType.Utf8.INSTANCE,
            new DictionaryEncoding(ID, false, new ArrowType.Int(8, true))), List.of());

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void shouldLeaveNothingAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @Test
    void shouldWrapAndReplaceADictionary() {
        LentBytes lent = lent(dictionary(cities(), false, "Bonn", "Kiel").batch(2, nodes(2, 0), none(), bytes(1,
                0))
                .dictionary(ID, false, 1, nodes(1, 0), none(), ints(0, 3), "Ulm".getBytes(StandardCharsets.UTF_8))
                .batch(1, nodes(1, 0), none(), bytes(0)));

        try (ArrowFrame arrow = open(lent, Verification.VALUES)) {
            arrow.next();
            assertThat(decoded(arrow)).containsExactly("Kiel", "Bonn");
            assertThat(lent.contains(values(arrow).getDataBuffer().memoryAddress(), 8)).isTrue();

            arrow.next();
            assertThat(decoded(arrow)).containsExactly("Ulm");
        }
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    /** Buffers have room to spare, as padded ones do: appending would fill it. */
    @Test
    void shouldAppendDeltasOutsideOfTheFrame() throws Exception {
        IpcBuilder ipc = dictionary(cities(), false, "Bonn").batch(1, nodes(1, 0), none(), bytes(0));
        dictionary(ipc, true, "Kiel", "Ulm").batch(1, nodes(1, 0), none(), bytes(2));
        dictionary(ipc, true, "Rom").batch(2, nodes(2, 0), none(), bytes(3, 1));
        LentBytes lent = lent(ipc);

        for (Verification verification : Verification.values()) {
            try (ArrowFrame arrow = open(lent, verification)) {
                arrow.next();
                assertThat(decoded(arrow)).containsExactly("Bonn");
                arrow.next();
                assertThat(decoded(arrow)).containsExactly("Ulm");
                arrow.next();
                assertThat(decoded(arrow)).containsExactly("Rom", "Kiel");
                assertThat(lent.contains(values(arrow).getDataBuffer().memoryAddress(), 1)).isFalse();
            }
        }
        assertThat(ArrowReference.assertSame(lent, Verification.VALUES)).isEqualTo(3);
    }

    @Test
    void shouldTakeADeltaForTheFirst() {
        LentBytes lent = lent(dictionary(cities(), true, "Bonn").batch(1, nodes(1, 0), none(), bytes(0)));

        try (ArrowFrame arrow = open(lent, Verification.VALUES)) {
            arrow.next();
            assertThat(decoded(arrow)).containsExactly("Bonn");
        }
    }

    @Test
    void shouldBoundTheGrowthByDeltas() {
        IpcBuilder ipc = cities();
        dictionary(ipc, false, "x".repeat(600));
        dictionary(ipc, true, "y".repeat(600)).batch(1, nodes(1, 0), none(), bytes(0));
        LentBytes lent = lent(ipc);

        try (ArrowFrame arrow = lent.open(new ArrowFrame.Context().allocator(allocator).maxUnfoldedLength(1000))) {
            assertCorrupt(arrow, "dictionary with deltas");
        }
    }

    @Test
    void shouldMissADictionary() {
        LentBytes lent = lent(cities().batch(1, nodes(1, 0), none(), bytes(0)));

        try (ArrowFrame arrow = open(lent, Verification.STRUCTURE)) {
            assertCorrupt(arrow, "dictionary 3 missing");
        }
    }

    @Test
    void shouldNotMissADictionaryOfNulls() {
        LentBytes lent = lent(cities().batch(2, nodes(2, 2), none(), bytes(9, 9)));

        try (ArrowFrame arrow = open(lent, Verification.VALUES)) {
            assertThat(arrow.next()).isTrue();
            assertThat(arrow.root().getVector(0).getNullCount()).isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseADictionaryThatNoFieldNames() {
        LentBytes lent = lent(cities().dictionary(4, false, 0, nodes(0, 0), none(), none(), none()));

        try (ArrowFrame arrow = open(lent, Verification.STRUCTURE)) {
            assertCorrupt(arrow, "no field names");
        }
    }

    @Test
    void shouldRefuseAnIndexBeyondItsDictionary() {
        for (int index : new int[]{2, -1}) {
            LentBytes lent = lent(dictionary(cities(), false, "Bonn", "Kiel").batch(1, nodes(1, 0), none(),
                    bytes(index)));

            try (ArrowFrame arrow = open(lent, Verification.VALUES)) {
                assertCorrupt(arrow, "index " + index + " into 2 values of dictionary 3");
            }
        }
    }

    private static IpcBuilder cities() {
        return new IpcBuilder(CITY);
    }

    private static IpcBuilder dictionary(IpcBuilder ipc, boolean isDelta, String... names) {
        int[] offsets = new int[names.length + 1];
        for (int i = 0; i < names.length; i++) {
            offsets[i + 1] = offsets[i] + names[i].length();
        }
        byte[] text = String.join("", names).getBytes(StandardCharsets.UTF_8);
        byte[] validity = bytes((1 << names.length) - 1);
        return ipc.dictionary(ID, isDelta, names.length, nodes(names.length, 0), Arrays.copyOf(validity, ROOM_LENGTH),
                Arrays.copyOf(ints(offsets), ROOM_LENGTH), Arrays.copyOf(text, Math.max(ROOM_LENGTH, text.length)));
    }

    private static LentBytes lent(IpcBuilder ipc) {
        return LentBytes.of(ipc.toBytes());
    }

    private ArrowFrame open(LentBytes lent, Verification verification) {
        return lent.open(new ArrowFrame.Context().allocator(allocator).verification(verification));
    }

    private static FieldVector values(ArrowFrame arrow) {
        return Objects.requireNonNull(arrow.lookup(ID), "dictionary").getVector();
    }

    private static List<String> decoded(ArrowFrame arrow) {
        FieldVector indices = arrow.root().getVector(0);
        List<String> names = new ArrayList<>();
        for (int row = 0; row < indices.getValueCount(); row++) {
            names.add(values(arrow).getObject(((Number) indices.getObject(row)).intValue()).toString());
        }
        return names;
    }

    private static void assertCorrupt(ArrowFrame arrow, String words) {
        assertThatThrownBy(arrow::next).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT)).hasMessageContaining(words);
    }
}
