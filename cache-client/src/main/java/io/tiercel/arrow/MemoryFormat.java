package io.tiercel.arrow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A schema as Arrow holds it in memory, where a dictionary-encoded field has the type of its indices, and apart from it
 * the fields of the dictionaries' values. Arrow has the same, but gives a union's type ids away on the way.
 *
 * @param dictionaries by id; of several fields with one id the first counts.
 */
record MemoryFormat(Schema schema, Map<Long, DictionaryField> dictionaries) {

    /** Values of a dictionary, and how the first field that names it encodes them. */
    record DictionaryField(Field values, DictionaryEncoding encoding) {}

    static MemoryFormat of(Schema onWire) {
        Map<Long, DictionaryField> dictionaries = new LinkedHashMap<>();
        Schema schema = new Schema(convert(onWire.getFields(), dictionaries), onWire.getCustomMetadata());
        return new MemoryFormat(schema, dictionaries);
    }

    private static List<Field> convert(List<Field> fields, Map<Long, DictionaryField> dictionaries) {
        List<Field> converted = new ArrayList<>(fields.size());
        for (Field field : fields) {
            List<Field> children = convert(field.getChildren(), dictionaries);
            converted.add(field.getDictionary() == null
                    ? new Field(field.getName(), field.getFieldType(), children)
                    : encoded(field, children, dictionaries));
        }
        return converted;
    }

    private static Field encoded(Field field, List<Field> children, Map<Long, DictionaryField> dictionaries) {
        DictionaryEncoding encoding = field.getDictionary();
        FieldType valueType = new FieldType(field.isNullable(), field.getType(), null, null);
        dictionaries.putIfAbsent(encoding.getId(),
                new DictionaryField(new Field("DICT" + encoding.getId(), valueType, children), encoding));
        ArrowType indexType = Objects.requireNonNullElseGet(encoding.getIndexType(),
                () -> new ArrowType.Int(Integer.SIZE, true));
        return new Field(field.getName(), new FieldType(field.isNullable(), indexType, encoding, field.getMetadata()),
                null);
    }
}
