package io.tiercel.arrow;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Validity bits of columns that have no nulls and therefore no such buffer in the frame. Arrow's vectors need one, and
 * its loader would allocate and fill one a column and batch; here all columns of all batches share the same ones.
 */
final class ValidityOnes implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ByteBudget budget;
    private @Nullable ArrowBuf ones;

    ValidityOnes(BufferAllocator allocator, ByteBudget budget) {
        this.allocator = allocator;
        this.budget = budget;
    }

    /** Bits for so many rows, with a reference of its own for the caller to release. */
    ArrowBuf retained(int rowCount) {
        long length = lengthOf(rowCount);
        ArrowBuf buffer = ones;
        if (buffer == null || buffer.capacity() < length) {
            buffer = grown(length);
        }
        buffer.getReferenceManager().retain();
        return buffer.slice(0, length);
    }

    static long lengthOf(long rowCount) {
        return (rowCount + Byte.SIZE - 1) / Byte.SIZE;
    }

    private ArrowBuf grown(long length) {
        budget.take(length);
        ArrowBuf buffer = allocator.buffer(length);
        buffer.setOne(0, buffer.capacity());
        close();
        ones = buffer;
        return buffer;
    }

    @Override
    public void close() {
        if (ones != null) {
            ones.close();
            ones = null;
        }
    }
}
