package io.tiercel.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/**
 * A record batch taken apart: a node a field in the schema's pre-order, and uncompressed buffers, each with a reference
 * that closing releases unless {@link #toArrow} gave it away.
 */
final class Batch implements AutoCloseable {
    private static final int STRUCT_LENGTH = 16;

    private final int rowCount;
    private final List<ArrowFieldNode> nodes;
    private final List<ArrowBuf> buffers;
    private final List<Long> variadicCounts;
    private boolean isGivenAway;

    private Batch(int rowCount, List<ArrowFieldNode> nodes, List<ArrowBuf> buffers, List<Long> variadicCounts) {
        this.rowCount = rowCount;
        this.nodes = nodes;
        this.buffers = buffers;
        this.variadicCounts = variadicCounts;
    }

    /** Views of the message's body, inside of it; compressed ones are unfolded. */
    static Batch read(RecordBatch header, IpcMessage message, FrameMemory memory, BodyInflater inflater) {
        int metadataLength = header.getByteBuffer().limit();
        int rowCount = Corruption.count(header.length(), "rows");
        Batch batch = new Batch(rowCount, nodes(header, metadataLength), new ArrayList<>(),
                variadicCounts(header, metadataLength));
        try {
            ArrowBuf body = memory.slice(message.bodyOffset(), message.bodyLength());
            batch.readBuffers(header, metadataLength, body, inflater);
            return batch;
        } catch (RuntimeException e) {
            batch.close();
            throw e;
        }
    }

    private static List<ArrowFieldNode> nodes(RecordBatch header, int metadataLength) {
        int count = (int) Corruption.within(header.nodesLength(), metadataLength / STRUCT_LENGTH, "nodes");
        List<ArrowFieldNode> nodes = new ArrayList<>(count);
        FieldNode node = new FieldNode();
        for (int i = 0; i < count; i++) {
            header.nodes(node, i);
            int length = Corruption.count(node.length(), "length of a column");
            nodes.add(new ArrowFieldNode(length, Corruption.within(node.nullCount(), length, "nulls of a column")));
        }
        return nodes;
    }

    private static List<Long> variadicCounts(RecordBatch header, int metadataLength) {
        int count = (int) Corruption.within(header.variadicBufferCountsLength(), metadataLength / Long.BYTES,
                "variadic buffer counts");
        List<Long> counts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            counts.add(header.variadicBufferCounts(i));
        }
        return counts;
    }

    private void readBuffers(RecordBatch header, int metadataLength, ArrowBuf body, BodyInflater inflater) {
        int count = (int) Corruption.within(header.buffersLength(), metadataLength / STRUCT_LENGTH, "buffers");
        inflater.begin(header.compression());
        Buffer buffer = new Buffer();
        for (int i = 0; i < count; i++) {
            header.buffers(buffer, i);
            long length = Corruption.within(buffer.length(), body.capacity(), "buffer length");
            long offset = Corruption.within(buffer.offset(), body.capacity() - length, "buffer offset");
            buffers.add(inflater.retained(body.slice(offset, length)));
        }
    }

    int rowCount() {
        return rowCount;
    }

    int nodeCount() {
        return nodes.size();
    }

    int bufferCount() {
        return buffers.size();
    }

    ArrowFieldNode node(int index) {
        return nodes.get(index);
    }

    ArrowBuf buffer(int index) {
        return buffers.get(index);
    }

    List<Long> variadicCounts() {
        return variadicCounts;
    }

    /** Puts another buffer in place of one, taking over its reference. */
    void replace(int index, ArrowBuf buffer) {
        buffers.set(index, buffer).close();
    }

    /** The same for Arrow's loader, which becomes the owner of the references. */
    ArrowRecordBatch toArrow() {
        ArrowRecordBatch batch = new ArrowRecordBatch(rowCount, nodes, buffers,
                NoCompressionCodec.DEFAULT_BODY_COMPRESSION, variadicCounts, false, false);
        isGivenAway = true;
        return batch;
    }

    @Override
    public void close() {
        if (!isGivenAway) {
            isGivenAway = true;
            buffers.forEach(ArrowBuf::close);
        }
    }
}
