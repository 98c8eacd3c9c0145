package io.tiercel.bench.arrow;

import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Main class of the child that is an Arrow Flight server. Its batches are in memory; a ticket is the count of rows of the
 * one that is wanted. Arguments: its folders, its port, rows of each batch that there is.
 */
public final class FlightProcess implements AutoCloseable {
    private final BufferAllocator allocator = new RootAllocator();
    private final Map<String, VectorSchemaRoot> batches = new LinkedHashMap<>();
    private final FlightServer server;

    private FlightProcess(int port, List<String> rowCounts) {
        rowCounts.forEach(rows -> batches.put(rows, ArrowSample.batch(allocator, Integer.parseInt(rows))));
        try {
            this.server = FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port), new Producer())
                    .build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        ChildLife.serve(folders,
                () -> new FlightProcess(Integer.parseInt(arguments[2]), List.of(arguments).subList(3,
                        arguments.length)));
    }

    @Override
    public void close() {
        CloseHelper.quietClose(server);
        CloseHelper.quietCloseAll(batches.values());
        CloseHelper.quietClose(allocator);
    }

    private final class Producer extends NoOpFlightProducer {
        @Override
        public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
            VectorSchemaRoot batch = batches.get(new String(ticket.getBytes(), StandardCharsets.US_ASCII));
            if (batch == null) {
                listener.error(CallStatus.NOT_FOUND.toRuntimeException());
                return;
            }
            listener.start(batch);
            listener.putNext();
            listener.completed();
        }
    }
}
