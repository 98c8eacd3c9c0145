package io.tiercel.arrow;

import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.jspecify.annotations.Nullable;

/** Brings a record batch from the frame into vectors: take apart, unfold, check, load. */
final class BatchLoader implements AutoCloseable {
    private final FrameMemory memory;
    private final BufferAllocator allocator;
    private final Dictionaries dictionaries;
    private final ByteBudget budget;
    private final BodyInflater inflater;
    private final ValidityOnes ones;

    BatchLoader(FrameMemory memory, BufferAllocator allocator, Dictionaries dictionaries, long maxUnfoldedLength) {
        this.memory = memory;
        this.allocator = allocator;
        this.dictionaries = dictionaries;
        this.budget = new ByteBudget(maxUnfoldedLength);
        this.inflater = new BodyInflater(allocator, budget);
        this.ones = new ValidityOnes(allocator, budget);
    }

    /** Replaces what the columns hold. On any failure they hold nothing. */
    void load(@Nullable RecordBatch header, IpcMessage message, Columns columns, Verification verification) {
        if (header == null) {
            throw Corruption.of("message without a record batch");
        }
        budget.reset();
        boolean isDone = false;
        try (Batch batch = Batch.read(header, message, memory, inflater)) {
            new BatchCheck(batch, dictionaries, verification, allocator, budget, ones).run(columns.layouts());
            try (ArrowRecordBatch loadable = batch.toArrow()) {
                new VectorLoader(columns.root()).load(loadable);
            }
            isDone = true;
        } finally {
            if (!isDone) {
                columns.root().clear();
            }
        }
    }

    @Override
    public void close() {
        ones.close();
    }
}
