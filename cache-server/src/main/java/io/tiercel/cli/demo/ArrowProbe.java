package io.tiercel.cli.demo;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.arrow.ArrowFrame;
import io.tiercel.arrow.Verification;
import io.tiercel.client.Frame;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame as Arrow and looks where its columns lie. Immutable.
 *
 * @param refusal why the bytes are not read as Arrow, or null.
 * @param bufferCount buffers of all columns of all batches.
 * @param inPlaceCount those that lie inside the frame's own bytes.
 * @param sampleAddress of a buffer in place, 0 when there is none.
 */
record ArrowProbe(@Nullable ErrorCode refusal, long rowCount, long bufferCount, long inPlaceCount, long sampleAddress) {

    /** Reads all batches, of bytes that may come from strangers; the frame stays open. */
    static ArrowProbe of(Frame frame, BufferAllocator allocator) {
        if (frame.length() == 0) {
            return new ArrowProbe(ErrorCode.CORRUPT, 0, 0, 0, 0);
        }
        long rowCount = 0;
        Count count = new Count(frame.address(), frame.length());
        try (ArrowFrame arrow = open(frame, allocator, Verification.VALUES)) {
            while (arrow.next()) {
                VectorSchemaRoot root = arrow.root();
                rowCount += root.getRowCount();
                root.getFieldVectors().forEach(count::add);
            }
            return new ArrowProbe(null, rowCount, count.all, count.inPlace, count.sample);
        } catch (TiercelException e) {
            return new ArrowProbe(e.code(), rowCount, count.all, count.inPlace, count.sample);
        }
    }

    /** Opens a frame as Arrow without giving the frame away. */
    private static ArrowFrame open(Frame frame, BufferAllocator allocator, Verification verification) {
        return ArrowFrame.open(frame.address(), frame.length(), () -> {}, new ArrowFrame.Context().allocator(allocator)
                .verification(verification)
                .conclude());
    }

    /** The first value of the first column. */
    static @Nullable Object firstValue(Frame frame, BufferAllocator allocator) {
        try (ArrowFrame arrow = open(frame, allocator, Verification.STRUCTURE)) {
            return arrow.next() ? arrow.root().getVector(0).getObject(0) : null;
        }
    }

    /** Counts buffers by where they lie. */
    private static final class Count {
        private final long from;
        private final long to;
        private long all;
        private long inPlace;
        private long sample;

        Count(long address, long length) {
            this.from = address;
            this.to = address + length;
        }

        void add(FieldVector vector) {
            for (ArrowBuf buffer : vector.getBuffers(false)) {
                if (buffer.capacity() > 0) {
                    all++;
                    long address = buffer.memoryAddress();
                    if (address >= from && address + buffer.capacity() <= to) {
                        inPlace++;
                        sample = address;
                    }
                }
            }
        }
    }
}
