package io.tiercel.arrow;

import io.tiercel.arrow.VectorLayout.Shape;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Proves that a batch fits its schema, before Arrow's loader sees it. One use, one batch.
 *
 * <p>Arrow's loader believes what it is given: with too few rows in a child it would allocate anew, and fill gaps by
 * <em>writing</em> into buffers, which here are a read-only mapping, so that the process would die. Invariant: for every
 * vector, each buffer is long enough for the rows of its node, and the row count that the loader will set on it
 * afterwards, its <em>target</em>, is not above. The one legal exception, a dense union that names a child's row more
 * than once, is given private copies to grow in.
 */
final class BatchCheck {
    private final Batch batch;
    private final Dictionaries dictionaries;
    private final Verification verification;
    private final BufferAllocator allocator;
    private final ByteBudget budget;
    private final ValidityOnes ones;
    private int nodeIndex;
    private int bufferIndex;
    private int variadicIndex;

    BatchCheck(Batch batch, Dictionaries dictionaries, Verification verification, BufferAllocator allocator,
            ByteBudget budget, ValidityOnes ones) {
        this.batch = batch;
        this.dictionaries = dictionaries;
        this.verification = verification;
        this.allocator = allocator;
        this.budget = budget;
        this.ones = ones;
    }

    void run(List<VectorLayout> columns) {
        for (VectorLayout column : columns) {
            int length = visit(column, batch.rowCount(), batch.rowCount());
            Corruption.unless(length == batch.rowCount(),
                    "column " + column.name() + " has rows=" + length + " of " + batch.rowCount());
        }
        Corruption.unless(
                nodeIndex == batch.nodeCount() && bufferIndex == batch.bufferCount()
                        && variadicIndex == batch.variadicCounts().size(),
                "batch has more columns or buffers than the schema");
    }

    /** Checks a vector of so many rows at least, and all below it. Returns its length. */
    private int visit(VectorLayout layout, long required, long target) {
        Corruption.unless(nodeIndex < batch.nodeCount(), "batch has fewer columns than the schema");
        ArrowFieldNode node = batch.node(nodeIndex++);
        int length = node.getLength();
        Corruption.unless(length >= required, layout.name() + " has rows=" + length + ", needs " + required);
        int first = takeBuffers(layout);
        if (layout.shape().hasValidity()) {
            checkValidity(first, node);
        }
        int data = layout.shape().hasValidity() ? first + 1 : first;
        switch (layout.shape()) {
            case NULL -> {
            }
            case FIXED -> checkFixed(layout, node, first);
            case VARIABLE -> {
                long end = checkOffsets(layout, data, length);
                Corruption.within(end, capacity(data + 1), "last offset of " + layout.name());
            }
            case VIEW -> checkViews(node, first, layout);
            case LIST -> visitList(layout, data, length);
            case LIST_VIEW -> visitListView(layout, data, length);
            case FIXED_LIST -> visitFixedList(layout, length, target);
            case STRUCT -> visitChildren(layout, length, target);
            case SPARSE_UNION -> {
                checkTypeIds(layout, data, length);
                visitChildren(layout, length, target);
            }
            case DENSE_UNION -> visitDenseUnion(layout, data, length, target);
            case RUN_END -> visitRunEnds(layout, length);
        }
        if (target > length) {
            makePrivate(layout, first, target);
        }
        return length;
    }

    private int takeBuffers(VectorLayout layout) {
        int first = bufferIndex;
        int count = layout.shape().bufferCount();
        if (layout.shape() == Shape.VIEW) {
            Corruption.unless(variadicIndex < batch.variadicCounts().size(), "view column without a buffer count");
            count += (int) Corruption.within(batch.variadicCounts().get(variadicIndex++), batch.bufferCount() - first,
                    "buffers of a view column");
        }
        Corruption.within(count, batch.bufferCount() - first, "buffers of column " + layout.name());
        bufferIndex += count;
        return first;
    }

    private void checkValidity(int index, ArrowFieldNode node) {
        int length = node.getLength();
        if (capacity(index) > 0 || length == 0) {
            requireCapacity(index, ValidityOnes.lengthOf(length), "validity");
        } else if (node.getNullCount() == 0) {
            batch.replace(index, ones.retained(length));
        } else {
            Corruption.unless(node.getNullCount() == length, "nulls but no validity");
            budget.take(ValidityOnes.lengthOf(length));
        }
    }

    private void checkFixed(VectorLayout layout, ArrowFieldNode node, int validity) {
        int length = node.getLength();
        long bits = Math.multiplyExact(layout.width(), length);
        requireCapacity(validity + 1, bits / Byte.SIZE + (bits % Byte.SIZE == 0 ? 0 : 1), "values");
        if (layout.dictionary() != null && length > node.getNullCount()) {
            int count = dictionaries.valueCount(layout.dictionary().getId());
            if (isFull()) {
                ValueCheck.indices(layout, batch.buffer(validity), batch.buffer(validity + 1), length, count);
            }
        }
    }

    /** Returns the last offset, which is not below the first. */
    private long checkOffsets(VectorLayout layout, int index, int length) {
        if (length == 0) {
            return 0;
        }
        ArrowBuf offsets = batch.buffer(index);
        int width = (int) layout.width() / Byte.SIZE;
        requireCapacity(index, (length + 1L) * width, "offsets");
        long begin = ValueCheck.integerAt(offsets, 0, width);
        long end = ValueCheck.integerAt(offsets, length, width);
        Corruption.within(begin, end, "first offset of " + layout.name());
        if (isFull()) {
            ValueCheck.offsets(offsets, length, width);
        }
        return end;
    }

    private void checkViews(ArrowFieldNode node, int validity, VectorLayout layout) {
        requireCapacity(validity + 1, node.getLength() * (layout.width() / Byte.SIZE), "views");
        if (isFull()) {
            ValueCheck.views(batch, validity, bufferIndex, node.getLength());
        }
    }

    private void checkTypeIds(VectorLayout layout, int index, int length) {
        requireCapacity(index, length, "type ids");
        if (isFull()) {
            ValueCheck.typeIds(layout, batch.buffer(index), length);
        }
    }

    private void visitList(VectorLayout layout, int offsets, int length) {
        long end = checkOffsets(layout, offsets, length);
        visit(layout.children().get(0), end, end);
    }

    private void visitListView(VectorLayout layout, int offsets, int length) {
        int width = (int) layout.width() / Byte.SIZE;
        requireCapacity(offsets, (long) length * width, "offsets");
        requireCapacity(offsets + 1, (long) length * width, "sizes");
        long end = ValueCheck.endOfListViews(batch.buffer(offsets), batch.buffer(offsets + 1), length, width);
        visit(layout.children().get(0), end, end);
    }

    private void visitFixedList(VectorLayout layout, int length, long target) {
        long childTarget = Corruption.within(target * layout.width(), Integer.MAX_VALUE, "rows of lists");
        visit(layout.children().get(0), length * layout.width(), childTarget);
    }

    private void visitChildren(VectorLayout layout, int length, long target) {
        for (VectorLayout child : layout.children()) {
            visit(child, length, target);
        }
    }

    private void visitDenseUnion(VectorLayout layout, int typeIds, int length, long target) {
        checkTypeIds(layout, typeIds, length);
        requireCapacity(typeIds + 1, (long) length * Integer.BYTES, "offsets");
        long[] targets = ValueCheck.countTypeIds(batch.buffer(typeIds), length);
        // What grows, grows by rows of type 0.
        targets[0] += Math.max(0, target - length);
        int[] childLengths = new int[targets.length];
        for (int i = 0; i < layout.children().size(); i++) {
            int typeId = layout.typeIds().get(i);
            childLengths[typeId] = visit(layout.children().get(i), 0, targets[typeId]);
        }
        if (isFull()) {
            ValueCheck.denseOffsets(batch.buffer(typeIds), batch.buffer(typeIds + 1), length, childLengths);
        }
    }

    private void visitRunEnds(VectorLayout layout, int length) {
        VectorLayout runEnds = layout.children().get(0);
        int runEndsIndex = bufferIndex + 1;
        ArrowFieldNode node = nodeIndex < batch.nodeCount() ? batch.node(nodeIndex) : new ArrowFieldNode(0, 0);
        Corruption.unless(runEnds.shape() == Shape.FIXED && node.getNullCount() == 0, "run ends with nulls");
        int runCount = visit(runEnds, 0, 0);
        visit(layout.children().get(1), runCount, 0);
        if (length > 0) {
            int width = (int) runEnds.width() / Byte.SIZE;
            ArrowBuf ends = batch.buffer(runEndsIndex);
            Corruption.unless(runCount > 0 && ValueCheck.integerAt(ends, runCount - 1L, width) >= length,
                    "runs end before the column");
            if (isFull()) {
                ValueCheck.runEnds(ends, runCount, width);
            }
        }
    }

    /** Gives a vector that the loader will grow its own buffers, and accounts for what it will grow to. */
    private void makePrivate(VectorLayout layout, int first, long target) {
        int end = first + layout.shape().bufferCount();
        if (end == first) {
            return;
        }
        // Arrow grows by doubling; a row of any shape but FIXED has less than 64 bytes of its own.
        long rowBits = layout.shape() == Shape.FIXED ? layout.width() + 1 : 64L * Byte.SIZE;
        budget.take(Math.multiplyExact(2 * target, rowBits) / Byte.SIZE);
        for (int i = first; i < end; i++) {
            ArrowBuf shared = batch.buffer(i);
            long length = shared.capacity();
            budget.take(length);
            ArrowBuf copy = allocator.buffer(length);
            copy.setBytes(0, shared, 0, length);
            batch.replace(i, copy.writerIndex(length));
        }
    }

    private boolean isFull() {
        return verification == Verification.VALUES;
    }

    private long capacity(int index) {
        return batch.buffer(index).capacity();
    }

    private void requireCapacity(int index, long length, String what) {
        Corruption.unless(capacity(index) >= length,
                what + " buffer has bytes=" + capacity(index) + ", needs " + length);
    }
}
