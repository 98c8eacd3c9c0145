package io.tiercel.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * How one field lies in a record batch: which buffers, how wide, which children; worked out once a frame. Immutable.
 *
 * @param width bits a row of the values, offsets, views or list length; what it counts depends on the shape.
 * @param typeIds of a union, one a child.
 */
record VectorLayout(String name, Shape shape, long width, List<Integer> typeIds,
        @Nullable DictionaryEncoding dictionary,
        boolean isSigned, List<VectorLayout> children) {

    /** Buffers in the order of the format, validity first where there is one. */
    enum Shape {
        /** None. */
        NULL(false, 0),
        /** Validity, values of equal width. */
        FIXED(true, 1),
        /** Validity, offsets, bytes. */
        VARIABLE(true, 2),
        /** Validity, views, any number of data buffers. */
        VIEW(true, 1),
        /** Validity, offsets; one child. */
        LIST(true, 1),
        /** Validity, offsets, sizes; one child. */
        LIST_VIEW(true, 2),
        /** Validity; one child of {@code width} rows a row. */
        FIXED_LIST(true, 0),
        /** Validity; a child a field. */
        STRUCT(true, 0),
        /** Type ids; a child a type, each as long as the union. */
        SPARSE_UNION(false, 1),
        /** Type ids, offsets; a child a type. */
        DENSE_UNION(false, 2),
        /** None; children are run ends and values. */
        RUN_END(false, 0);

        private final boolean hasValidity;
        private final int dataCount;

        Shape(boolean hasValidity, int dataCount) {
            this.hasValidity = hasValidity;
            this.dataCount = dataCount;
        }

        boolean hasValidity() {
            return hasValidity;
        }

        /** Buffers without those whose number a batch says itself. */
        int bufferCount() {
            return (hasValidity ? 1 : 0) + dataCount;
        }
    }

    static VectorLayout of(Field field) {
        List<VectorLayout> children = new ArrayList<>(field.getChildren().size());
        for (Field child : field.getChildren()) {
            children.add(of(child));
        }
        ArrowType type = field.getType();
        while (type instanceof ArrowType.ExtensionType extension) {
            type = extension.storageType();
        }
        Shape shape = shapeOf(type);
        checkChildren(shape, children.size(), field);
        return new VectorLayout(field.getName(), shape, widthOf(type), typeIdsOf(type, children.size()),
                field.getDictionary(), type instanceof ArrowType.Int integer && integer.getIsSigned(),
                List.copyOf(children));
    }

    private static Shape shapeOf(ArrowType type) {
        return switch (type.getTypeID()) {
            case Null -> Shape.NULL;
            case Int, FloatingPoint, Bool, Decimal, Date, Time, Timestamp, Interval, Duration, FixedSizeBinary ->
                Shape.FIXED;
            case Utf8, Binary, LargeUtf8, LargeBinary -> Shape.VARIABLE;
            case Utf8View, BinaryView -> Shape.VIEW;
            case List, LargeList, Map -> Shape.LIST;
            case ListView, LargeListView -> Shape.LIST_VIEW;
            case FixedSizeList -> Shape.FIXED_LIST;
            case Struct -> Shape.STRUCT;
            case Union -> ((ArrowType.Union) type).getMode() == UnionMode.Dense
                    ? Shape.DENSE_UNION
                    : Shape.SPARSE_UNION;
            case RunEndEncoded -> Shape.RUN_END;
            case NONE -> throw Corruption.of("field without a type");
        };
    }

    private static long widthOf(ArrowType type) {
        return switch (type.getTypeID()) {
            case Int -> ((ArrowType.Int) type).getBitWidth();
            case Bool -> 1;
            case FloatingPoint -> widthOf(((ArrowType.FloatingPoint) type).getPrecision());
            case Decimal -> ((ArrowType.Decimal) type).getBitWidth();
            case Date -> ((ArrowType.Date) type).getUnit() == DateUnit.DAY ? 32 : 64;
            case Time -> ((ArrowType.Time) type).getBitWidth();
            case Timestamp, Duration, LargeUtf8, LargeBinary, LargeList, LargeListView -> Long.SIZE;
            case Interval -> widthOf(((ArrowType.Interval) type).getUnit());
            case FixedSizeBinary -> (long) Byte.SIZE
                    * Corruption.count(((ArrowType.FixedSizeBinary) type).getByteWidth(), "byte width");
            case Utf8, Binary, List, Map, ListView -> Integer.SIZE;
            case Utf8View, BinaryView -> 2 * Long.SIZE;
            case FixedSizeList -> Corruption.count(((ArrowType.FixedSizeList) type).getListSize(), "list size");
            case Null, Struct, Union, RunEndEncoded, NONE -> 0;
        };
    }

    private static long widthOf(FloatingPointPrecision precision) {
        return switch (precision) {
            case HALF -> 16;
            case SINGLE -> 32;
            case DOUBLE -> 64;
        };
    }

    private static long widthOf(IntervalUnit unit) {
        return switch (unit) {
            case YEAR_MONTH -> 32;
            case DAY_TIME -> 64;
            case MONTH_DAY_NANO -> 128;
        };
    }

    private static List<Integer> typeIdsOf(ArrowType type, int childCount) {
        if (!(type instanceof ArrowType.Union union)) {
            return List.of();
        }
        int[] typeIds = union.getTypeIds();
        Corruption.unless(typeIds == null || typeIds.length == childCount, "union without a type id a child");
        List<Integer> ids = new ArrayList<>(childCount);
        for (int i = 0; i < childCount; i++) {
            ids.add((int) Corruption.within(typeIds == null ? i : typeIds[i], Byte.MAX_VALUE, "type id"));
        }
        return List.copyOf(ids);
    }

    private static void checkChildren(Shape shape, int count, Field field) {
        boolean holds = switch (shape) {
            case NULL, FIXED, VARIABLE, VIEW -> count == 0;
            case LIST, LIST_VIEW, FIXED_LIST -> count == 1;
            case RUN_END -> count == 2;
            case STRUCT, SPARSE_UNION, DENSE_UNION -> true;
        };
        Corruption.unless(holds, "field " + field.getName() + " of type " + field.getType() + " has children=" + count);
    }
}
