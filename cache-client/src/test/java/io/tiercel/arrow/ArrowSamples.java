package io.tiercel.arrow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Arrow frames made by Arrow's own writers. */
final class ArrowSamples {
    static final int BATCH_ROW_COUNT = 65_536;
    private static final Schema TRIPS = new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true)),
            Field.nullable("fare", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Field.nullable("zone", ArrowType.Utf8.INSTANCE)));

    private ArrowSamples() {}

    /** A stream of three columns, some values null. */
    static byte[] tripStream(int batchCount, int rowCount) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeTrips(bytes, false, batchCount, rowCount);
        return bytes.toByteArray();
    }

    /** The same as a file. */
    static byte[] tripFile(int batchCount, int rowCount) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeTrips(bytes, true, batchCount, rowCount);
        return bytes.toByteArray();
    }

    /** The same as a file on disk of about a length, in batches of {@link #BATCH_ROW_COUNT} rows. */
    static void writeTripFile(Path path, long length) throws IOException {
        int batchLength = BATCH_ROW_COUNT * 23;
        try (OutputStream out = Files.newOutputStream(path)) {
            writeTrips(out, true, (int) Math.max(1, length / batchLength), BATCH_ROW_COUNT);
        }
    }

    private static void writeTrips(OutputStream out, boolean isFile, int batchCount, int rowCount) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(TRIPS, allocator)) {
            write(root, null, out, isFile, writer -> {
                for (int batch = 0; batch < batchCount; batch++) {
                    fillTrips(root, batch, rowCount);
                    writeBatch(writer);
                }
            });
        }
    }

    private static void fillTrips(VectorSchemaRoot root, int batch, int rowCount) {
        BigIntVector id = (BigIntVector) root.getVector("id");
        Float8Vector fare = (Float8Vector) root.getVector("fare");
        VarCharVector zone = (VarCharVector) root.getVector("zone");
        // The first row tells batches apart; filling the rest once is enough.
        int end = batch == 0 ? rowCount : Math.min(1, rowCount);
        for (int row = 0; row < end; row++) {
            id.setSafe(row, (long) batch * rowCount + row);
            if (row % 7 == 3) {
                fare.setNull(row);
            } else {
                fare.setSafe(row, row / 8.0);
            }
            if (batch == 0) {
                zone.setSafe(row, ("z" + row % 100).getBytes(StandardCharsets.UTF_8));
            }
        }
        root.setRowCount(rowCount);
    }

    /** What the body writes of a root, as stream or file. */
    static byte[] bytesOf(VectorSchemaRoot root, DictionaryProvider dictionaries, boolean isFile,
            Consumer<ArrowWriter> body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(root, dictionaries, bytes, isFile, body);
        return bytes.toByteArray();
    }

    static void writeBatch(ArrowWriter writer) {
        try {
            writer.writeBatch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(VectorSchemaRoot root, @Nullable DictionaryProvider dictionaries,
            OutputStream out, boolean isFile, Consumer<ArrowWriter> body) {
        WritableByteChannel channel = Channels.newChannel(out);
        try (ArrowWriter writer = isFile
                ? new ArrowFileWriter(root, dictionaries, channel)
                : new ArrowStreamWriter(root, dictionaries, channel)) {
            writer.start();
            body.accept(writer);
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
