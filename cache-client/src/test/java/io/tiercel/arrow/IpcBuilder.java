package io.tiercel.arrow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes streams message by message, whether or not their parts fit together. */
final class IpcBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WriteChannel channel = new WriteChannel(Channels.newChannel(bytes));
    private final IpcOption option;

    IpcBuilder(Field... fields) {
        this(IpcOption.DEFAULT, fields);
    }

    IpcBuilder(IpcOption option, Field... fields) {
        this.option = option;
        try {
            MessageSerializer.serialize(channel, new Schema(List.of(fields)), option);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nodes as length and null count in turn. */
    static int[] nodes(int... values) {
        return values;
    }

    IpcBuilder batch(int rowCount, int[] nodes, byte[]... buffers) {
        return batch(null, List.of(), rowCount, nodes, buffers);
    }

    IpcBuilder batch(@Nullable ArrowBodyCompression compression, List<Long> variadicCounts, int rowCount, int[] nodes,
            byte[]... buffers) {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowRecordBatch batch = arrowBatch(allocator, compression, variadicCounts, rowCount, nodes, buffers)) {
            MessageSerializer.serialize(channel, batch, option);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    IpcBuilder dictionary(long id, boolean isDelta, int rowCount, int[] nodes, byte[]... buffers) {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowDictionaryBatch batch = new ArrowDictionaryBatch(id,
                        arrowBatch(allocator, null, List.of(), rowCount, nodes, buffers), isDelta)) {
            MessageSerializer.serialize(channel, batch, option);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    private static ArrowRecordBatch arrowBatch(BufferAllocator allocator, @Nullable ArrowBodyCompression compression,
            List<Long> variadicCounts, int rowCount, int[] nodes, byte[]... buffers) {
        List<ArrowFieldNode> fieldNodes = new ArrayList<>();
        for (int i = 0; i < nodes.length; i += 2) {
            fieldNodes.add(new ArrowFieldNode(nodes[i], nodes[i + 1]));
        }
        List<ArrowBuf> copies = new ArrayList<>();
        for (byte[] buffer : buffers) {
            ArrowBuf copy = allocator.buffer(buffer.length);
            copy.setBytes(0, buffer);
            copies.add(copy.writerIndex(buffer.length));
        }
        return new ArrowRecordBatch(rowCount, fieldNodes, copies,
                compression == null ? NoCompressionCodec.DEFAULT_BODY_COMPRESSION : compression, variadicCounts, true,
                false);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    static byte[] none() {
        return new byte[0];
    }

    static byte[] bytes(int... values) {
        byte[] array = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            array[i] = (byte) values[i];
        }
        return array;
    }

    static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }
}
