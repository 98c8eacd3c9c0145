package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.arrow.ArrowFrame;
import io.tiercel.arrow.ArrowFrames;
import io.tiercel.bench.node.NodeProcess;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/**
 * One Arrow stream of one column and one batch, in a node of its own that a mapped client reads; and the same bytes on
 * this heap, for Arrow's own reader. Not threadsafe.
 */
final class ArrowPath implements AutoCloseable {
    private static final Key KEY = Key.of("bench/arrow");
    private static final long FIRST_VALUE = 0x7469_6572_6365_6CL;
    private static final long LEAST_CAPACITY = 256L << 20;
    private static final long PUT_TIMEOUT_S = 60;

    private final ChildJvm node;
    private final TiercelClient client;
    private final byte[] stream;
    private final BufferAllocator allocator = new RootAllocator();
    private final Frame frame = new Frame();

    private ArrowPath(ChildJvm node, TiercelClient client, byte[] stream) {
        this.node = node;
        this.client = client;
        this.stream = stream;
    }

    /** A stream of about that many bytes, read once already. */
    static ArrowPath open(int length) {
        byte[] stream = streamOf(length);
        ChildJvm node = ChildJvm.start(NodeProcess.class, Long.toString(Math.max(LEAST_CAPACITY, 4L * length)));
        TiercelClient client = null;
        try {
            client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.folders().disk()).mustMap(true)
                    .clientName("bench"));
            client.put(KEY, ByteBuffer.wrap(stream), PutOptions.DEFAULTS.timeout(PUT_TIMEOUT_S, TimeUnit.SECONDS));
            ArrowPath opened = new ArrowPath(node, client, stream);
            if (client.mode() != Mode.MAPPED || !opened.readInPlace() || !opened.readByArrow()) {
                throw new IllegalStateException("mode=" + client.mode() + ": the stream is not read as it was put");
            }
            return opened;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(client, node);
            throw e;
        }
    }

    private static byte[] streamOf(int length) {
        int rows = length / Long.BYTES;
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + length / 4);
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector column = new BigIntVector("value", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(column);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
            column.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                column.set(row, FIRST_VALUE + row);
            }
            root.setRowCount(rows);
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Gets the frame, opens it in place, reads the first value, gives all of it up. Whether the value was right. */
    boolean readInPlace() {
        if (!client.get(KEY, frame)) {
            return false;
        }
        try (ArrowFrame arrow = ArrowFrames.open(frame, allocator)) {
            return arrow.next() && isFirst(arrow.root());
        }
    }

    /** The same with Arrow's own reader of streams, over bytes that are on this heap already. */
    boolean readByArrow() {
        try (ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
            return reader.loadNextBatch() && isFirst(reader.getVectorSchemaRoot());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFirst(VectorSchemaRoot root) {
        return root.getVector(0) instanceof BigIntVector column && column.get(0) == FIRST_VALUE;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(allocator, client, node);
    }
}
