package io.tiercel.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.vector.types.MetadataVersion;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.validate.MetadataV4UnionChecker;
import org.jspecify.annotations.Nullable;

/**
 * Turns the flatbuffer of a schema into Arrow's object, after a walk that proves it small.
 *
 * <p>Flatbuffers in Java are bounds-checked but may point anywhere, also back: a few hundred bytes can be a tree
 * without end. So the walk counts what it meets against what so many bytes could hold if nothing were shared, with room
 * for writers that share strings, and bounds depth and number of fields.
 */
final class SchemaReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_FIELDS = 1 << 17;
    private static final int SHARING = 16;

    private final long tableLimit;
    private final long textLimit;
    private int fieldCount;
    private long tableCount;
    private long textLength;

    private SchemaReader(int metadataLength) {
        this.tableLimit = metadataLength;
        this.textLimit = (long) SHARING * metadataLength;
    }

    static Schema read(org.apache.arrow.flatbuf.@Nullable Schema schema, short version) {
        if (schema == null) {
            throw Corruption.of("schema missing");
        }
        if (schema.endianness() != Endianness.Little) {
            throw Corruption.unsupported("big-endian data");
        }
        new SchemaReader(schema.getByteBuffer().limit()).walk(schema);
        Schema converted = Schema.convertSchema(schema);
        try {
            MetadataV4UnionChecker.checkRead(converted, MetadataVersion.fromFlatbufID(version));
        } catch (IOException e) {
            throw Corruption.unsupported(String.valueOf(e.getMessage()));
        }
        return converted;
    }

    /** The metadata that a file's footer holds beside the schema's. */
    static Map<String, String> customMetadata(Footer footer) {
        SchemaReader reader = new SchemaReader(footer.getByteBuffer().limit());
        Map<String, String> metadata = new HashMap<>();
        for (int i = 0; i < footer.customMetadataLength(); i++) {
            KeyValue entry = footer.customMetadata(i);
            reader.countEntry(entry);
            metadata.put(textOf(entry.key()), textOf(entry.value()));
        }
        return Map.copyOf(metadata);
    }

    private static String textOf(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void walk(org.apache.arrow.flatbuf.Schema schema) {
        for (int i = 0; i < schema.customMetadataLength(); i++) {
            countEntry(schema.customMetadata(i));
        }
        for (int i = 0; i < schema.fieldsLength(); i++) {
            walk(schema.fields(i), 1);
        }
    }

    private void walk(Field field, int depth) {
        Corruption.unless(++fieldCount <= MAX_FIELDS, "more than " + MAX_FIELDS + " fields");
        Corruption.unless(depth <= MAX_DEPTH, "fields nested deeper than " + MAX_DEPTH);
        countTable();
        countText(field.nameAsByteBuffer());
        for (int i = 0; i < field.customMetadataLength(); i++) {
            countEntry(field.customMetadata(i));
        }
        if (field.typeType() == Type.Timestamp && field.type(new Timestamp()) instanceof Timestamp timestamp) {
            countText(timestamp.timezoneAsByteBuffer());
        }
        if (field.typeType() == Type.Union && field.type(new Union()) instanceof Union union) {
            Corruption.within(union.typeIdsLength(), Byte.MAX_VALUE + 1, "type ids of a union");
        }
        for (int i = 0; i < field.childrenLength(); i++) {
            walk(field.children(i), depth + 1);
        }
    }

    private void countEntry(KeyValue entry) {
        countTable();
        countText(entry.keyAsByteBuffer());
        countText(entry.valueAsByteBuffer());
    }

    private void countTable() {
        Corruption.unless(++tableCount <= tableLimit, "metadata refers to itself");
    }

    private void countText(@Nullable ByteBuffer text) {
        textLength += text == null ? 0 : text.remaining();
        Corruption.unless(textLength <= textLimit, "metadata repeats itself");
    }
}
