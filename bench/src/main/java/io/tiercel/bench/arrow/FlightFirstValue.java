package io.tiercel.bench.arrow;

import java.nio.charset.StandardCharsets;
import org.agrona.CloseHelper;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;

/**
 * From Arrow Flight: {@code DoGet} of one batch, which is all that the first value takes. Not threadsafe.
 */
final class FlightFirstValue implements FirstValue {
    private final BufferAllocator allocator = new RootAllocator();
    private final FlightClient client;
    private final Ticket ticket;

    /** @param rowCount rows of the batch. */
    FlightFirstValue(int port, int rowCount) {
        this.client = FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port)).build();
        this.ticket = new Ticket(Integer.toString(rowCount).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public long read() {
        FlightStream stream = client.getStream(ticket);
        try {
            if (!stream.next()) {
                throw new IllegalStateException("stream has no batch");
            }
            return ((BigIntVector) stream.getRoot().getVector(0)).get(0);
        } finally {
            CloseHelper.quietClose(stream);
        }
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(client, allocator);
    }
}
