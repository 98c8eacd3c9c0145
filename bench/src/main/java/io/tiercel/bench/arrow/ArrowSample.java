package io.tiercel.bench.arrow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** An Arrow IPC file of numbers, 16 bytes a row, in batches of at most 16 MiB. Stateless. */
public final class ArrowSample {
    /** Of the first column, first row. */
    public static final long FIRST_VALUE = 8740;

    /** Rows of a batch of a long file. */
    public static final int MOST_ROWS = 1 << 20;
    private static final int ROW_LENGTH = 16;

    private ArrowSample() {}

    /** Writes at least so many bytes. */
    public static void write(Path file, long length) {
        int rowCount = (int) Math.min(MOST_ROWS, length / ROW_LENGTH);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = batch(allocator, rowCount);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            while (channel.position() < length) {
                writer.writeBatch();
            }
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One batch; closing it frees its vectors. */
    static VectorSchemaRoot batch(BufferAllocator allocator, int rowCount) {
        BigIntVector ids = new BigIntVector("id", allocator);
        Float8Vector values = new Float8Vector("value", allocator);
        ids.allocateNew(rowCount);
        values.allocateNew(rowCount);
        for (int row = 0; row < rowCount; row++) {
            ids.set(row, FIRST_VALUE + row);
            values.set(row, row / 4.0);
        }
        VectorSchemaRoot root = VectorSchemaRoot.of(ids, values);
        root.setRowCount(rowCount);
        return root;
    }

    /** The bytes of a file where they lie; they stay mapped as long as this process lives, or until they are collected. */
    public static ByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
