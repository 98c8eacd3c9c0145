package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.flatbuffers.FlatBufferBuilder;
import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SchemaReaderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final FlatBufferBuilder builder = new FlatBufferBuilder();

    @Test
    void shouldReadALegalSchema() {
        int field = struct(new int[0]);

        try (BufferAllocator allocator = new RootAllocator();
                ArrowFrame arrow = lent(schema(Endianness.Little, new int[]{field}, new int[0])).open(context(
                        allocator))) {
            assertThat(arrow.schema().getFields()).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAnotherByteOrder() {
        assertRefused(schema(Endianness.Big, new int[]{struct(new int[0])}, new int[0]), ErrorCode.NOT_SUPPORTED,
                "big-endian");
    }

    @Test
    void shouldRefuseOldMetadata() {
        assertRefused(schema(Endianness.Little, new int[0], new int[0]), MetadataVersion.V3, ErrorCode.NOT_SUPPORTED,
                "metadata version=2");
        assertRefused(new byte[0], ErrorCode.CORRUPT, "");
    }

    @Test
    void shouldRefuseUnionsOfOldMetadata() {
        ArrowType union = new ArrowType.Union(UnionMode.Dense, new int[0]);
        byte[] bytes = new IpcBuilder(
                new org.apache.arrow.vector.types.pojo.Field("union", FieldType.nullable(union), List.of())).toBytes();
        int version = indexOf(bytes, (byte) MetadataVersion.V5);
        assertThat(version).isPositive();
        bytes[version] = (byte) MetadataVersion.V4;

        assertRefused(bytes, ErrorCode.NOT_SUPPORTED, "union");
    }

    private static int indexOf(byte[] message, byte version) {
        // The version is the message's only short that is 4, at an even place of its table.
        for (int i = 8; i < message.length; i += 2) {
            byte[] copy = message.clone();
            copy[i]--;
            if (message[i] == version && org.apache.arrow.flatbuf.Message.getRootAsMessage(
                    ByteBuffer.wrap(Arrays.copyOfRange(copy, 8, copy.length))).version() == version - 1) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void shouldRefuseADeepSchema() {
        int field = struct(new int[0]);
        for (int depth = 0; depth < 10_000; depth++) {
            field = struct(new int[]{field});
        }

        assertRefused(schema(Endianness.Little, new int[]{field}, new int[0]), ErrorCode.CORRUPT, "nested deeper");
    }

    /** Each field twice the child of the next: 2 to the power of 40 fields in a few kilobytes. */
    @Test
    void shouldRefuseASchemaThatIsSmallAndEndless() {
        int field = struct(new int[0]);
        for (int depth = 0; depth < 40; depth++) {
            field = struct(new int[]{field, field});
        }

        assertRefused(schema(Endianness.Little, new int[]{field}, new int[0]), ErrorCode.CORRUPT, "refers to itself");
    }

    @Test
    void shouldRefuseMetadataThatRepeatsItself() {
        int entry = keyValue("k", "v".repeat(100_000));
        int[] entries = new int[10_000];
        Arrays.fill(entries, entry);

        assertRefused(schema(Endianness.Little, new int[0], entries), ErrorCode.CORRUPT, "repeats itself");
    }

    private int struct(int[] children) {
        int name = builder.createString("s");
        int childVector = Field.createChildrenVector(builder, children);
        Struct_.startStruct_(builder);
        int type = Struct_.endStruct_(builder);
        Field.startField(builder);
        Field.addName(builder, name);
        Field.addTypeType(builder, Type.Struct_);
        Field.addType(builder, type);
        Field.addChildren(builder, childVector);
        return Field.endField(builder);
    }

    private int keyValue(String key, String value) {
        int keyOffset = builder.createString(key);
        int valueOffset = builder.createString(value);
        return KeyValue.createKeyValue(builder, keyOffset, valueOffset);
    }

    private int schema(short endianness, int[] fields, int[] metadata) {
        int fieldVector = Schema.createFieldsVector(builder, fields);
        int metadataVector = Schema.createCustomMetadataVector(builder, metadata);
        Schema.startSchema(builder);
        Schema.addEndianness(builder, endianness);
        Schema.addFields(builder, fieldVector);
        Schema.addCustomMetadata(builder, metadataVector);
        return Schema.endSchema(builder);
    }

    private byte[] message(int schema, short version) {
        builder.finish(org.apache.arrow.flatbuf.Message.createMessage(builder, version, MessageHeader.Schema, schema, 0,
                0));
        byte[] metadata = builder.sizedByteArray();
        int length = (metadata.length + 7) / 8 * 8;
        return ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN).putInt(-1).putInt(length).put(metadata)
                .array();
    }

    private LentBytes lent(int schema) {
        return LentBytes.of(message(schema, MetadataVersion.V5));
    }

    private static ArrowFrame.Context context(BufferAllocator allocator) {
        return new ArrowFrame.Context().allocator(allocator);
    }

    private void assertRefused(int schema, ErrorCode code, String words) {
        assertRefused(schema, MetadataVersion.V5, code, words);
    }

    private void assertRefused(int schema, short version, ErrorCode code, String words) {
        assertRefused(message(schema, version), code, words);
    }

    private static void assertRefused(byte[] bytes, ErrorCode code, String words) {
        LentBytes lent = LentBytes.of(bytes);
        try (BufferAllocator allocator = new RootAllocator()) {
            Assertions.assertTimeoutPreemptively(TIMEOUT,
                    () -> assertThatThrownBy(() -> lent.open(context(allocator))).isInstanceOfSatisfying(
                            TiercelException.class, e -> assertThat(e.code()).isEqualTo(code)).hasMessageContaining(
                                    words));
        }
        assertThat(lent.closeCount()).isEqualTo(1);
    }
}
