package io.tiercel.arrow;

import java.util.BitSet;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/**
 * The checks that walk data. Every buffer given is known to be long enough for the rows given, every width is 1, 2, 4
 * or 8 bytes.
 */
final class ValueCheck {
    private static final int TYPE_COUNT = Byte.MAX_VALUE + 1;
    private static final int INLINE_LENGTH = 12;
    private static final int VIEW_LENGTH = 16;
    private static final int VIEW_BUFFER_OFFSET = 8;
    private static final int VIEW_POSITION_OFFSET = 12;

    private ValueCheck() {}

    /** A signed integer. */
    static long integerAt(ArrowBuf buffer, long index, int width) {
        return switch (width) {
            case Byte.BYTES -> buffer.getByte(index);
            case Short.BYTES -> buffer.getShort(index * Short.BYTES);
            case Integer.BYTES -> buffer.getInt(index * Integer.BYTES);
            default -> buffer.getLong(index * Long.BYTES);
        };
    }

    /** Offsets do not fall; the first and the last were looked at before. */
    static void offsets(ArrowBuf offsets, int length, int width) {
        long previous = integerAt(offsets, 0, width);
        for (int i = 1; i <= length; i++) {
            long offset = integerAt(offsets, i, width);
            Corruption.unless(offset >= previous, "offsets fall");
            previous = offset;
        }
    }

    /** Every index that is not null names a value of the dictionary. */
    static void indices(VectorLayout layout, ArrowBuf validity, ArrowBuf indices, int length, int valueCount) {
        int width = (int) layout.width() / Byte.SIZE;
        long mask = layout.isSigned() || width == Long.BYTES ? -1L : (1L << layout.width()) - 1;
        DictionaryEncoding dictionary = layout.dictionary();
        long id = dictionary == null ? 0 : dictionary.getId();
        for (int i = 0; i < length; i++) {
            long index = integerAt(indices, i, width) & mask;
            if ((index < 0 || index >= valueCount) && isValid(validity, i)) {
                throw Corruption.of("index " + index + " into " + valueCount + " values of dictionary " + id);
            }
        }
    }

    /** Every view that is not null lies in its column's data buffers, which follow validity and views. */
    static void views(Batch batch, int validityIndex, int endIndex, int length) {
        ArrowBuf validity = batch.buffer(validityIndex);
        ArrowBuf views = batch.buffer(validityIndex + 1);
        int firstData = validityIndex + 2;
        for (int i = 0; i < length; i++) {
            long view = (long) i * VIEW_LENGTH;
            int valueLength = views.getInt(view);
            if ((valueLength >= 0 && valueLength <= INLINE_LENGTH) || !isValid(validity, i)) {
                continue;
            }
            Corruption.unless(valueLength >= 0, "view of negative length");
            long index = Corruption.within(views.getInt(view + VIEW_BUFFER_OFFSET), endIndex - firstData - 1L,
                    "buffer of a view");
            long capacity = batch.buffer(firstData + (int) index).capacity();
            Corruption.within(valueLength, capacity, "length of a view");
            Corruption.within(views.getInt(view + VIEW_POSITION_OFFSET), capacity - valueLength, "offset of a view");
        }
    }

    /** Every type id is one of the union's. */
    static void typeIds(VectorLayout layout, ArrowBuf typeIds, int length) {
        BitSet known = new BitSet(TYPE_COUNT);
        for (int typeId : layout.typeIds()) {
            known.set(typeId);
        }
        for (int i = 0; i < length; i++) {
            byte typeId = typeIds.getByte(i);
            Corruption.unless(typeId >= 0 && known.get(typeId), "type id not of the union");
        }
    }

    /** Rows a type. Arrow's loader counts them too, and takes -1 for no row. */
    static long[] countTypeIds(ArrowBuf typeIds, int length) {
        long[] counts = new long[TYPE_COUNT];
        for (int i = 0; i < length; i++) {
            byte typeId = typeIds.getByte(i);
            if (typeId != -1) {
                Corruption.unless(typeId >= 0, "negative type id");
                counts[typeId]++;
            }
        }
        return counts;
    }

    /** Every row lies in its child. */
    static void denseOffsets(ArrowBuf typeIds, ArrowBuf offsets, int length, int[] childLengths) {
        for (int i = 0; i < length; i++) {
            int offset = offsets.getInt((long) i * Integer.BYTES);
            Corruption.unless(offset >= 0 && offset < childLengths[typeIds.getByte(i)], "union row beyond its child");
        }
    }

    /** The child's row after the last that a view covers. */
    static long endOfListViews(ArrowBuf offsets, ArrowBuf sizes, int length, int width) {
        long end = 0;
        for (int i = 0; i < length; i++) {
            long offset = Corruption.count(integerAt(offsets, i, width), "offset of a list view");
            end = Math.max(end, offset + Corruption.count(integerAt(sizes, i, width), "size of a list view"));
        }
        return Corruption.count(end, "end of a list view");
    }

    /** Run ends rise, from above 0. */
    static void runEnds(ArrowBuf ends, int runCount, int width) {
        long previous = 0;
        for (int i = 0; i < runCount; i++) {
            long end = integerAt(ends, i, width);
            Corruption.unless(end > previous, "run ends do not rise");
            previous = end;
        }
    }

    private static boolean isValid(ArrowBuf validity, int index) {
        return validity.capacity() > 0 && BitVectorHelper.get(validity, index) != 0;
    }
}
