package io.tiercel.cli.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;

/** Writes Arrow files to read: IPC files and streams, from one batch to 300 MiB. Stateless. */
final class ArrowSamples {
    /** Name of the large one. */
    static final String LARGE = "large.arrow";
    static final long LARGE_LENGTH = 300L << 20;

    private static final int ROWS_PER_BATCH = 1 << 20;
    private static final String[] CITIES = {"Aarhus", "Bilbao", "Ceuta", "Dover"};

    private ArrowSamples() {}

    /** Some of a few rows, some of a few MB, in folders as tables have them. */
    static void writeSmall(Path folder) throws IOException {
        for (int day = 1; day <= 4; day++) {
            Path dayFolder = Files.createDirectories(folder.resolve("flights/day=" + day));
            write(dayFolder.resolve("part-0.arrow"), day, List.of(100));
            write(dayFolder.resolve("part-1.arrows"), day, List.of(1_000, 10, 1_000));
            write(dayFolder.resolve("part-2.arrow"), day, List.of(50_000, 50_000));
        }
        Files.writeString(folder.resolve("README.txt"), "No Arrow: an object is any bytes.\n");
        Files.createFile(folder.resolve("empty"));
    }

    /** Numbers alone, 16 bytes a row, until the length is reached. */
    static void writeLarge(Path file) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector ids = new BigIntVector("id", allocator);
                Float8Vector values = new Float8Vector("value", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(ids, values);
                FileChannel channel = create(file);
                ArrowWriter writer = new ArrowFileWriter(root, null, channel)) {
            fillNumbers(ids, values, 0, ROWS_PER_BATCH);
            root.setRowCount(ROWS_PER_BATCH);
            while (channel.position() < LARGE_LENGTH) {
                writer.writeBatch();
            }
            writer.end();
        }
    }

    /** One with a version in its values, so that two versions differ and are told apart. */
    static void write(Path file, long version, List<Integer> rowCounts) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector ids = new BigIntVector("id", allocator);
                Float8Vector values = new Float8Vector("value", allocator);
                VarCharVector cities = new VarCharVector("city", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(ids, values, cities);
                FileChannel channel = create(file);
                ArrowWriter writer = file.toString().endsWith(".arrows")
                        ? new ArrowStreamWriter(root, null, channel)
                        : new ArrowFileWriter(root, null, channel)) {
            for (int rowCount : rowCounts) {
                fillNumbers(ids, values, version, rowCount);
                cities.reset();
                for (int row = 0; row < rowCount; row++) {
                    cities.setSafe(row, CITIES[row % CITIES.length].getBytes(StandardCharsets.UTF_8));
                }
                root.setRowCount(rowCount);
                writer.writeBatch();
            }
            writer.end();
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    private static void fillNumbers(BigIntVector ids, Float8Vector values, long version, int rowCount) {
        ids.allocateNew(rowCount);
        values.allocateNew(rowCount);
        for (int row = 0; row < rowCount; row++) {
            ids.set(row, version + row);
            values.set(row, row / 4.0);
        }
    }
}
