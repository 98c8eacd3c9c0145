package io.tiercel.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.Transfers;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a read costs, whatever the length of the object. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class HttpFiguresTest {
    private static final long MIB = 1024 * 1024;
    private static final long LARGE = 1024 * MIB;
    private static final long ALLOCATED = 4 * MIB;
    private static final StorePath PATH = StorePath.of("object");

    private final SharedClients clients = new SharedClients(1);
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WebServer();
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    private HttpStorage open(int port) {
        return HttpStorage.open(URI.create("http://127.0.0.1:" + port + "?allowPrivate=true"), clients);
    }

    /** By the reading thread; the adapter has no other. */
    private long allocatedByReading(HttpStorage store, long length) {
        server.putZeros("object", length);
        ByteBuffer target = ByteBuffer.allocateDirect(256 * 1024);
        long before = Transfers.allocatedByThisThread();
        long count;
        try (ObjectRead read = store.open(PATH)) {
            count = Transfers.drain(read, target);
        }
        long allocated = Transfers.allocatedByThisThread() - before;
        assertThat(count).isEqualTo(length);
        return allocated;
    }

    @Test
    void shouldAllocateTheSameForAnyLength() {
        boolean isFull = Boolean.getBoolean("tiercel.full");
        try (HttpStorage store = open(server.port())) {
            allocatedByReading(store, MIB);

            long small = allocatedByReading(store, 10 * MIB);
            long large = allocatedByReading(store, isFull ? LARGE : 100 * MIB);

            assertThat(large).isLessThan(ALLOCATED);
            assertThat(large).as("beside the %d bytes of 10 MiB", small).isLessThan(small + MIB);
        }
    }

    @Test
    void shouldReadLittleMoreThanWasDrawnBeforeTheClose() {
        server.putZeros("object", LARGE);
        try (FaultProxy proxy = FaultProxy.http(server.port()); HttpStorage store = open(proxy.port())) {
            ObjectRead read = store.open(PATH);
            assertThat(read.read(ByteBuffer.allocate(1024))).isPositive();

            read.close();

            assertThat(store.info(PATH).length()).isEqualTo(LARGE);
            // What the sockets on the way hold, and no more.
            assertThat(proxy.byteCount()).isLessThan(64 * MIB);
            assertThat(proxy.connectionCount()).isEqualTo(2);
        }
    }
}
